fetch("http://localhost:4312/page-at-a-subdomain", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "content-type": "application/json",
    "Referer": "http://eu.app.localhost:4310/"
  },
  "body": "{}",
  "method": "POST"
});