fetch("http://localhost:4312/header-with-an-empty-value", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "x-request-id": "",
    "Referer": "http://localhost:4310/"
  },
  "body": null,
  "method": "GET"
});