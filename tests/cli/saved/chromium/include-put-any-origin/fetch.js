fetch("http://localhost:4312/include-put-any-origin", {
  "headers": {
    "content-type": "application/json"
  },
  "referrer": "http://localhost:4310/",
  "body": "{}",
  "method": "PUT",
  "mode": "cors",
  "credentials": "omit"
});