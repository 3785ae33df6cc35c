fetch("http://localhost:4312/body-of-bytes", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9"
  },
  "referrer": "http://localhost:4310/",
  "body": "\u0000\u0001Ã(þÿ\n\r'\"",
  "method": "POST",
  "mode": "cors",
  "credentials": "omit"
});