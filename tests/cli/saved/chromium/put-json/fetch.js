fetch("http://localhost:4312/put-json", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "content-type": "application/json"
  },
  "referrer": "http://localhost:4310/",
  "body": "{\"done\":true}",
  "method": "PUT",
  "mode": "cors",
  "credentials": "omit"
});