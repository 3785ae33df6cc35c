fetch("http://localhost:4312/cache-condition-read", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "cache-control": "max-age=0",
    "if-none-match": "\"v1\"",
    "Referer": "http://localhost:4310/"
  },
  "body": null,
  "method": "GET"
});