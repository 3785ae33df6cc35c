fetch("https://localhost:4322/tls-both-delete-refused", {
  "referrer": "https://localhost:4320/",
  "body": null,
  "method": "DELETE",
  "mode": "cors",
  "credentials": "omit"
});