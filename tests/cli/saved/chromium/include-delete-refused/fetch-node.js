fetch("http://localhost:4312/include-delete-refused", {
  "headers": {
    "authorization": "Bearer x",
    "Referer": "http://localhost:4310/"
  },
  "body": null,
  "method": "DELETE"
});