fetch("http://localhost:4312/front-own-preflight-refuses", {
  "headers": {
    "content-type": "application/json",
    "Referer": "http://localhost:4310/"
  },
  "body": "{}",
  "method": "PUT"
});