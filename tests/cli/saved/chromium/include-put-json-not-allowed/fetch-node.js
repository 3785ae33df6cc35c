fetch("http://localhost:4312/include-put-json-not-allowed", {
  "headers": {
    "content-type": "application/json",
    "Referer": "http://localhost:4310/"
  },
  "body": "{\"theme\":\"dark\"}",
  "method": "PUT"
});