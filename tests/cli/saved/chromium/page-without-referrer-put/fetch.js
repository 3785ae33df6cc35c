fetch("http://localhost:4312/page-without-referrer-put", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "content-type": "text/plain;charset=UTF-8"
  },
  "body": "x",
  "method": "PUT",
  "mode": "cors",
  "credentials": "omit"
});