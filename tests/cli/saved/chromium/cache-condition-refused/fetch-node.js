fetch("http://localhost:4312/cache-condition-refused", {
  "headers": {
    "if-none-match": "\"v1\"",
    "Referer": "http://localhost:4310/"
  },
  "body": null,
  "method": "GET"
});