fetch("http://localhost:4312/options-by-the-page-refused", {
  "headers": {
    "Referer": "http://localhost:4310/"
  },
  "body": null,
  "method": "OPTIONS"
});