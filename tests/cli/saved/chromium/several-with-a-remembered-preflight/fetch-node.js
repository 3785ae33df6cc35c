fetch("http://localhost:4312/several-with-a-remembered-preflight", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "content-type": "text/plain;charset=UTF-8",
    "Referer": "http://localhost:4310/"
  },
  "body": "1",
  "method": "PUT"
});