fetch("http://localhost:4312/authorization-with-include-not-allowed", {
  "headers": {
    "authorization": "Bearer x"
  },
  "referrer": "http://localhost:4310/",
  "body": null,
  "method": "GET",
  "mode": "cors",
  "credentials": "include"
});