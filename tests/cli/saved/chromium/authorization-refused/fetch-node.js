fetch("http://localhost:4312/authorization-refused", {
  "headers": {
    "authorization": "Bearer secret",
    "Referer": "http://localhost:4310/"
  },
  "body": null,
  "method": "GET"
});