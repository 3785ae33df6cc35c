fetch("http://localhost:4312/front-options-405", {
  "headers": {
    "content-type": "application/json"
  },
  "referrer": "http://localhost:4310/",
  "body": "{}",
  "method": "POST",
  "mode": "cors",
  "credentials": "omit"
});