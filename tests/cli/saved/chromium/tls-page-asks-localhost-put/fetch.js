fetch("http://localhost:4312/tls-page-asks-localhost-put", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "content-type": "application/json"
  },
  "body": "{}",
  "method": "PUT",
  "mode": "cors",
  "credentials": "omit"
});