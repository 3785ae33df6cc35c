fetch("http://localhost:4312/page-without-referrer", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9"
  },
  "body": null,
  "method": "GET",
  "mode": "cors",
  "credentials": "omit"
});