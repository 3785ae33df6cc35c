fetch("http://localhost:4312/post-json", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "content-type": "application/json"
  },
  "referrer": "http://localhost:4310/",
  "body": "{\"model\":\"small\",\"messages\":[{\"role\":\"user\",\"content\":\"Say \\\"hi\\\"!\"}]}",
  "method": "POST",
  "mode": "cors",
  "credentials": "omit"
});