fetch("http://localhost:4312/tls-page-asks-localhost-refused", {
  "headers": {
    "content-type": "text/plain;charset=UTF-8"
  },
  "referrer": "",
  "body": "x",
  "method": "PUT",
  "mode": "cors",
  "credentials": "omit"
});