fetch("http://api.localhost:4312/served-at-another-name", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "Referer": "http://localhost:4310/"
  },
  "body": null,
  "method": "GET"
});