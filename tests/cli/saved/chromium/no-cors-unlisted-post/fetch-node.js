fetch("http://localhost:4312/no-cors-unlisted-post", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "content-type": "text/plain;charset=UTF-8",
    "Referer": "http://localhost:4311/"
  },
  "body": "x",
  "method": "POST"
});