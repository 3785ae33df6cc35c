fetch("http://localhost:4312/include-anything-with-credentials", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "authorization": "Bearer x",
    "content-type": "application/json",
    "x-anything": "1"
  },
  "referrer": "http://localhost:4310/",
  "body": "{}",
  "method": "PATCH",
  "mode": "cors",
  "credentials": "include"
});