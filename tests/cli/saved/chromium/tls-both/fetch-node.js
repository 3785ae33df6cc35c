fetch("https://localhost:4322/tls-both", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "content-type": "application/json",
    "priority": "u=1, i",
    "Referer": "https://localhost:4320/"
  },
  "body": "{\"a\":1}",
  "method": "PUT"
});