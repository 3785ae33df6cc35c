fetch("http://localhost:4312/several-with-credentials", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "Referer": "http://127.0.0.1:4310/"
  },
  "body": null,
  "method": "GET"
});