fetch("http://localhost:4312/same-origin", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9"
  },
  "referrer": "http://localhost:4312/page/same-origin",
  "body": null,
  "method": "GET",
  "mode": "cors",
  "credentials": "omit"
});