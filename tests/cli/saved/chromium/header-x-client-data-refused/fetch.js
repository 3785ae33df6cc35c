fetch("http://localhost:4312/header-x-client-data-refused", {
  "headers": {
    "x-client-data": "abc"
  },
  "referrer": "http://localhost:4310/",
  "body": null,
  "method": "GET",
  "mode": "cors",
  "credentials": "omit"
});