fetch("http://localhost:4312/patch-in-lower-case", {
  "headers": {
    "content-type": "application/json",
    "Referer": "http://localhost:4310/"
  },
  "body": "{\"done\":true}",
  "method": "patch"
});