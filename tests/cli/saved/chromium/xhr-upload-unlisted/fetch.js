fetch("http://localhost:4312/xhr-upload-unlisted", {
  "headers": {
    "content-type": "text/plain;charset=UTF-8"
  },
  "referrer": "http://localhost:4311/",
  "body": "file",
  "method": "POST",
  "mode": "cors",
  "credentials": "omit"
});