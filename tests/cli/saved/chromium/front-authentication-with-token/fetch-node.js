fetch("http://localhost:4312/front-authentication-with-token", {
  "headers": {
    "authorization": "Bearer x",
    "Referer": "http://localhost:4310/"
  },
  "body": null,
  "method": "GET"
});