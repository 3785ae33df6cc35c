fetch("http://localhost:4312/several-with-assets", {
  "headers": {
    "content-type": "text/plain;charset=UTF-8"
  },
  "referrer": "http://localhost:4310/",
  "body": "x",
  "method": "PATCH",
  "mode": "cors",
  "credentials": "omit"
});