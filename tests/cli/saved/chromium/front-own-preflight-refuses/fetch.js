fetch("http://localhost:4312/front-own-preflight-refuses", {
  "headers": {
    "content-type": "application/json"
  },
  "referrer": "http://localhost:4310/",
  "body": "{}",
  "method": "PUT",
  "mode": "cors",
  "credentials": "omit"
});