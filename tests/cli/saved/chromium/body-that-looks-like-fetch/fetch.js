fetch("http://localhost:4312/body-that-looks-like-fetch", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "content-type": "text/plain"
  },
  "referrer": "http://localhost:4310/",
  "body": "fetch(\"http://localhost:4312/x\", {\n  \"method\": \"GET\"\n}); ;\nfetch(\"http://localhost:4312/y\");",
  "method": "PUT",
  "mode": "cors",
  "credentials": "omit"
});