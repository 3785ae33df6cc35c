fetch("http://localhost:4312/cache-headers-read", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "cache-control": "no-cache",
    "pragma": "no-cache",
    "Referer": "http://localhost:4310/"
  },
  "body": null,
  "method": "GET"
});