fetch("http://localhost:4312/client-hint", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "device-memory": "8"
  },
  "referrer": "http://localhost:4310/",
  "body": null,
  "method": "GET",
  "mode": "cors",
  "credentials": "omit"
});