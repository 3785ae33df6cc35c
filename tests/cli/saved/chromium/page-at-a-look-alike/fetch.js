fetch("http://localhost:4312/page-at-a-look-alike", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9"
  },
  "referrer": "http://evil-app.localhost:4310/",
  "body": null,
  "method": "GET",
  "mode": "cors",
  "credentials": "omit"
});