fetch("http://localhost:4312/page-sandboxed-put", {
  "headers": {
    "content-type": "text/plain;charset=UTF-8"
  },
  "referrer": "",
  "body": "x",
  "method": "PUT",
  "mode": "cors",
  "credentials": "omit"
});