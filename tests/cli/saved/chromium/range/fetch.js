fetch("http://localhost:4312/range", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "range": "bytes=0-3"
  },
  "referrer": "http://localhost:4310/",
  "body": null,
  "method": "GET",
  "mode": "cors",
  "credentials": "omit"
});