fetch("http://localhost:4312/rejected-put", {
  "headers": {
    "content-type": "text/plain;charset=UTF-8"
  },
  "referrer": "http://127.0.0.1:4310/",
  "body": "x",
  "method": "PUT",
  "mode": "cors",
  "credentials": "omit"
});