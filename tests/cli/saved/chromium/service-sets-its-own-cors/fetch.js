fetch("http://localhost:4312/service-sets-its-own-cors", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9"
  },
  "referrer": "http://localhost:4311/",
  "body": null,
  "method": "GET",
  "mode": "cors",
  "credentials": "omit"
});