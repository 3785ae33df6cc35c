fetch("http://localhost:4312/any-origin-put-refused", {
  "headers": {
    "content-type": "text/plain;charset=UTF-8",
    "Referer": "http://127.0.0.1:4310/"
  },
  "body": "x",
  "method": "PUT"
});