fetch("http://localhost:4312/front-own-preflight-allows", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "content-type": "application/json"
  },
  "referrer": "http://localhost:4310/",
  "body": "{}",
  "method": "POST",
  "mode": "cors",
  "credentials": "omit"
});