fetch("http://localhost:4312/client-hint-dpr-put", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "content-type": "text/plain;charset=UTF-8",
    "dpr": "2"
  },
  "referrer": "http://localhost:4310/",
  "body": "x",
  "method": "PUT",
  "mode": "cors",
  "credentials": "omit"
});