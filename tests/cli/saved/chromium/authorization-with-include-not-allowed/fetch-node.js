fetch("http://localhost:4312/authorization-with-include-not-allowed", {
  "headers": {
    "authorization": "Bearer x",
    "Referer": "http://localhost:4310/"
  },
  "body": null,
  "method": "GET"
});