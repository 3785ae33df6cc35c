fetch("http://localhost:4312/cache-headers-refused", {
  "headers": {
    "cache-control": "no-cache",
    "pragma": "no-cache",
    "Referer": "http://localhost:4310/"
  },
  "body": null,
  "method": "GET"
});