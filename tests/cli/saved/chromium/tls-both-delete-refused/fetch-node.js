fetch("https://localhost:4322/tls-both-delete-refused", {
  "headers": {
    "Referer": "https://localhost:4320/"
  },
  "body": null,
  "method": "DELETE"
});