fetch("http://localhost:4312/safelisted-headers", {
  "headers": {
    "accept": "application/json",
    "accept-language": "de",
    "content-language": "de"
  },
  "referrer": "http://localhost:4310/",
  "body": null,
  "method": "GET",
  "mode": "cors",
  "credentials": "omit"
});