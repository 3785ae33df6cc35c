fetch("http://localhost:4312/cache-headers-refused-post", {
  "headers": {
    "cache-control": "no-cache",
    "content-type": "text/plain;charset=UTF-8",
    "pragma": "no-cache",
    "Referer": "http://localhost:4310/"
  },
  "body": "x",
  "method": "POST"
});