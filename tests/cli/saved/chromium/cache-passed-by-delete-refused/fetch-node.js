fetch("http://localhost:4312/cache-passed-by-delete-refused", {
  "headers": {
    "Referer": "http://localhost:4310/"
  },
  "body": null,
  "method": "DELETE"
});