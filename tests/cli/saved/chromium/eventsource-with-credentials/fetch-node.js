fetch("http://localhost:4312/eventsource-with-credentials", {
  "headers": {
    "accept": "text/event-stream",
    "accept-language": "en-US,en;q=0.9",
    "cache-control": "no-cache",
    "pragma": "no-cache",
    "cookie": "session=1",
    "Referer": "http://localhost:4310/"
  },
  "body": null,
  "method": "GET"
});