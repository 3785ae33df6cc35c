fetch("http://localhost:4312/patch-allowed", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "content-type": "application/merge-patch+json",
    "x-csrf-token": "f00"
  },
  "referrer": "http://localhost:4310/",
  "body": "{\"done\":true}",
  "method": "PATCH",
  "mode": "cors",
  "credentials": "omit"
});