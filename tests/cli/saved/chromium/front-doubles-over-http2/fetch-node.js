fetch("https://localhost:4322/front-doubles-over-http2", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "priority": "u=1, i",
    "Referer": "http://localhost:4310/"
  },
  "body": null,
  "method": "GET"
});