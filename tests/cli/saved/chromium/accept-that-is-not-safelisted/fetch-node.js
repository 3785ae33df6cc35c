fetch("http://localhost:4312/accept-that-is-not-safelisted", {
  "headers": {
    "accept": "text/html (x)",
    "Referer": "http://localhost:4310/"
  },
  "body": null,
  "method": "GET"
});