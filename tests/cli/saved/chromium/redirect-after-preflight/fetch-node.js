fetch("http://localhost:4312/redirect-after-preflight", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "authorization": "Bearer x",
    "Referer": "http://localhost:4310/"
  },
  "body": null,
  "method": "GET"
});