fetch("http://localhost:4312/post-json-content-type-refused", {
  "headers": {
    "content-type": "application/json"
  },
  "referrer": "http://localhost:4310/",
  "body": "{\"name\":\"x\"}",
  "method": "POST",
  "mode": "cors",
  "credentials": "omit"
});