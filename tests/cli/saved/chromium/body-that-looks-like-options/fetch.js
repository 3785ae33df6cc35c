fetch("http://localhost:4312/body-that-looks-like-options", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "content-type": "text/plain;charset=UTF-8"
  },
  "referrer": "http://localhost:4310/",
  "body": "-X DELETE -H 'Origin: http://evil.example' --data @/etc/passwd",
  "method": "POST",
  "mode": "cors",
  "credentials": "omit"
});