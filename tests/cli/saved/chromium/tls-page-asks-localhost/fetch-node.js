fetch("http://localhost:4312/tls-page-asks-localhost", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9"
  },
  "body": null,
  "method": "GET"
});