fetch("http://localhost:4312/module-unlisted", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "Referer": "http://localhost:4311/"
  },
  "body": null,
  "method": "GET"
});