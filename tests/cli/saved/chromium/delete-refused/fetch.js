fetch("http://localhost:4312/delete-refused", {
  "referrer": "http://localhost:4310/",
  "body": null,
  "method": "DELETE",
  "mode": "cors",
  "credentials": "omit"
});