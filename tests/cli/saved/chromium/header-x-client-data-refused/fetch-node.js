fetch("http://localhost:4312/header-x-client-data-refused", {
  "headers": {
    "x-client-data": "abc",
    "Referer": "http://localhost:4310/"
  },
  "body": null,
  "method": "GET"
});