fetch("http://localhost:4312/authorization-allowed", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "authorization": "Bearer eyJhbGciOiJub25lIn0.e30."
  },
  "referrer": "http://localhost:4310/",
  "body": null,
  "method": "GET",
  "mode": "cors",
  "credentials": "include"
});