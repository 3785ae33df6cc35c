fetch("http://localhost:4312/put-json", {
  "headers": {
    "authorization": "Bearer x",
    "content-type": "application/json"
  },
  "referrer": "http://localhost:4310/",
  "body": "{\"a\":\"b!-é\"}",
  "method": "PUT",
  "mode": "cors",
  "credentials": "include"
});