fetch("http://localhost:4312/rejecting-same-origin", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "content-type": "text/plain;charset=UTF-8"
  },
  "referrer": "http://localhost:4312/page/rejecting-same-origin",
  "body": "x",
  "method": "POST",
  "mode": "cors",
  "credentials": "omit"
});