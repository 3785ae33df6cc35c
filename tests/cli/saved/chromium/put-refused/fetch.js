fetch("http://localhost:4312/put-refused", {
  "headers": {
    "content-type": "text/plain;charset=UTF-8"
  },
  "referrer": "http://localhost:4310/",
  "body": "x",
  "method": "PUT",
  "mode": "cors",
  "credentials": "omit"
});