fetch("https://localhost:4322/include-over-tls", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "priority": "u=1, i"
  },
  "referrer": "https://localhost:4320/",
  "body": null,
  "method": "GET",
  "mode": "cors",
  "credentials": "include"
});