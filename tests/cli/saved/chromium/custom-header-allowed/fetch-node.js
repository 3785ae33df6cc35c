fetch("http://localhost:4312/custom-header-allowed", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "x-request-id": "42",
    "Referer": "http://localhost:4310/"
  },
  "body": null,
  "method": "GET"
});