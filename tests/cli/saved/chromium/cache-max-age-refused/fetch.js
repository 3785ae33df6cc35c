fetch("http://localhost:4312/cache-max-age-refused", {
  "headers": {
    "cache-control": "max-age=0"
  },
  "referrer": "http://localhost:4310/",
  "body": null,
  "method": "GET",
  "mode": "cors",
  "credentials": "omit"
});