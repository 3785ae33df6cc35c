fetch("http://localhost:4312/cache-condition-refused-xhr", {
  "headers": {
    "if-modified-since": "Sat, 01 Jan 2022 00:00:00 GMT",
    "Referer": "http://localhost:4310/"
  },
  "body": null,
  "method": "GET"
});