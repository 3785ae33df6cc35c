fetch("http://localhost:4312/same-origin-delete-with-cookie", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "cookie": "session=1",
    "Referer": "http://localhost:4312/page/same-origin-delete-with-cookie"
  },
  "body": null,
  "method": "DELETE"
});