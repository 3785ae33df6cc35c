fetch("http://localhost:4312/front-options-404", {
  "headers": {
    "content-type": "application/json",
    "Referer": "http://localhost:4310/"
  },
  "body": "{}",
  "method": "PUT"
});