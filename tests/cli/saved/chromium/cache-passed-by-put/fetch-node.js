fetch("http://localhost:4312/cache-passed-by-put", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "cache-control": "no-cache",
    "content-type": "text/plain;charset=UTF-8",
    "pragma": "no-cache",
    "Referer": "http://localhost:4310/"
  },
  "body": "x",
  "method": "PUT"
});