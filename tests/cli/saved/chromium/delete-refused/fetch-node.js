fetch("http://localhost:4312/delete-refused", {
  "headers": {
    "Referer": "http://localhost:4310/"
  },
  "body": null,
  "method": "DELETE"
});