fetch("http://localhost:4312/page-unlisted", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9"
  },
  "referrer": "http://127.0.0.1:4310/",
  "body": null,
  "method": "GET",
  "mode": "cors",
  "credentials": "omit"
});