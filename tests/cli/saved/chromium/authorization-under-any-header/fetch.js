fetch("http://localhost:4312/authorization-under-any-header", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "authorization": "Bearer secret"
  },
  "referrer": "http://localhost:4310/",
  "body": null,
  "method": "GET",
  "mode": "cors",
  "credentials": "include"
});