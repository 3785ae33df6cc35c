fetch("http://localhost:4312/authorization-beside-any-header", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "authorization": "Bearer secret",
    "content-type": "text/plain;charset=UTF-8",
    "x-api-key": "k"
  },
  "referrer": "http://localhost:4310/",
  "body": "x",
  "method": "POST",
  "mode": "cors",
  "credentials": "include"
});