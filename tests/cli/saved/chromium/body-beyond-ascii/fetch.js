fetch("http://localhost:4312/body-beyond-ascii", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "content-type": "application/json"
  },
  "referrer": "http://localhost:4310/",
  "body": "{\"name\":\"Zoë 日本 🦀\",\"ctl\":\"\\u0001\"}",
  "method": "POST",
  "mode": "cors",
  "credentials": "omit"
});