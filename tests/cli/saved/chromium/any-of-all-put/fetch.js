fetch("http://localhost:4312/any-of-all-put", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "content-type": "application/json",
    "x-a": "1"
  },
  "referrer": "http://127.0.0.1:4310/",
  "body": "{}",
  "method": "PUT",
  "mode": "cors",
  "credentials": "omit"
});