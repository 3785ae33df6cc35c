fetch("http://localhost:4312/page-at-a-longer-name", {
  "headers": {
    "content-type": "text/plain;charset=UTF-8",
    "Referer": "http://app.localhost.evil.localhost:4310/"
  },
  "body": "x",
  "method": "PUT"
});