fetch("http://localhost:4312/front-own-preflight-unlisted", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "content-type": "application/json"
  },
  "referrer": "http://localhost:4311/",
  "body": "{}",
  "method": "POST",
  "mode": "cors",
  "credentials": "omit"
});