fetch("http://localhost:4312/url-with-a-fragment?a=1", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "Referer": "http://localhost:4310/"
  },
  "body": null,
  "method": "GET"
});