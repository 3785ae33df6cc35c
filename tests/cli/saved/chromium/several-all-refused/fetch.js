fetch("http://localhost:4312/several-all-refused", {
  "headers": {
    "content-type": "text/plain;charset=UTF-8"
  },
  "referrer": "http://localhost:4311/",
  "body": "x",
  "method": "PUT",
  "mode": "cors",
  "credentials": "omit"
});