fetch("http://localhost:4312/same-origin", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "Referer": "http://localhost:4312/page/same-origin"
  },
  "body": null,
  "method": "GET"
});