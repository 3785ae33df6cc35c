fetch("http://localhost:4312/authorization-refused", {
  "headers": {
    "authorization": "Bearer secret"
  },
  "referrer": "http://localhost:4310/",
  "body": null,
  "method": "GET",
  "mode": "cors",
  "credentials": "include"
});