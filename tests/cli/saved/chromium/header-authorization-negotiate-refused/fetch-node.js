fetch("http://localhost:4312/header-authorization-negotiate-refused", {
  "headers": {
    "authorization": "Negotiate YII",
    "Referer": "http://localhost:4310/"
  },
  "body": null,
  "method": "GET"
});