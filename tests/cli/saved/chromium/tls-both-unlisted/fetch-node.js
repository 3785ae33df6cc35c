fetch("https://localhost:4322/tls-both-unlisted", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "priority": "u=1, i",
    "Referer": "https://localhost:4320/"
  },
  "body": null,
  "method": "GET"
});