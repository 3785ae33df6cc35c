fetch("http://localhost:4312/include-any-origin", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "cookie": "session=1",
    "Referer": "http://localhost:4310/"
  },
  "body": null,
  "method": "GET"
});