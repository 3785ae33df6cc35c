fetch("http://localhost:4312/comma-separated", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "content-type": "application/json",
    "x-api-key": "k"
  },
  "referrer": "http://127.0.0.1:4310/",
  "body": "{}",
  "method": "PATCH",
  "mode": "cors",
  "credentials": "omit"
});