fetch("http://localhost:4312/safelisted-headers", {
  "headers": {
    "accept": "application/json",
    "accept-language": "de",
    "content-language": "de",
    "Referer": "http://localhost:4310/"
  },
  "body": null,
  "method": "GET"
});