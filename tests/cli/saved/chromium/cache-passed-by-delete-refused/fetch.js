fetch("http://localhost:4312/cache-passed-by-delete-refused", {
  "referrer": "http://localhost:4310/",
  "body": null,
  "method": "DELETE",
  "mode": "cors",
  "credentials": "omit"
});