fetch("http://localhost:4312/front-own-preflight-unlisted", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "content-type": "application/json",
    "Referer": "http://localhost:4311/"
  },
  "body": "{}",
  "method": "POST"
});