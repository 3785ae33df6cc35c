fetch("http://localhost:4312/custom-header-refused", {
  "headers": {
    "x-request-id": "42",
    "Referer": "http://localhost:4310/"
  },
  "body": null,
  "method": "GET"
});