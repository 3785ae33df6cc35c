fetch("http://localhost:4312/several-all-refused", {
  "headers": {
    "content-type": "text/plain;charset=UTF-8",
    "Referer": "http://localhost:4311/"
  },
  "body": "x",
  "method": "PUT"
});