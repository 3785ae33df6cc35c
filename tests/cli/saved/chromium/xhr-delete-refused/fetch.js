fetch("http://localhost:4312/xhr-delete-refused", {
  "referrer": "http://localhost:4310/",
  "body": null,
  "method": "DELETE",
  "mode": "cors",
  "credentials": "omit"
});