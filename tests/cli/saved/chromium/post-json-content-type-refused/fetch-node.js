fetch("http://localhost:4312/post-json-content-type-refused", {
  "headers": {
    "content-type": "application/json",
    "Referer": "http://localhost:4310/"
  },
  "body": "{\"name\":\"x\"}",
  "method": "POST"
});