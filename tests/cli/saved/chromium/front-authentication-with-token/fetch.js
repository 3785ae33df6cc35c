fetch("http://localhost:4312/front-authentication-with-token", {
  "headers": {
    "authorization": "Bearer x"
  },
  "referrer": "http://localhost:4310/",
  "body": null,
  "method": "GET",
  "mode": "cors",
  "credentials": "include"
});