fetch("http://localhost:4312/patch-in-lower-case", {
  "headers": {
    "content-type": "application/json"
  },
  "referrer": "http://localhost:4310/",
  "body": "{\"done\":true}",
  "method": "patch",
  "mode": "cors",
  "credentials": "omit"
});