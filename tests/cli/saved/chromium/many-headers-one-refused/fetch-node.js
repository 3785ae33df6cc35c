fetch("http://localhost:4312/many-headers-one-refused", {
  "headers": {
    "content-type": "text/csv",
    "if-match": "\"v1\"",
    "x-request-id": "1",
    "x-trace": "abc",
    "Referer": "http://localhost:4310/"
  },
  "body": "a;b",
  "method": "PUT"
});