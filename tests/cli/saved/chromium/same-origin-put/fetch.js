fetch("http://localhost:4312/same-origin-put", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "content-type": "application/json"
  },
  "referrer": "http://localhost:4312/page/same-origin-put",
  "body": "{}",
  "method": "PUT",
  "mode": "cors",
  "credentials": "omit"
});