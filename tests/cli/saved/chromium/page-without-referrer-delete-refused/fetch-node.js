fetch("http://localhost:4312/page-without-referrer-delete-refused", {
  "referrer": "",
  "body": null,
  "method": "DELETE"
});