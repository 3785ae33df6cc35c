fetch("http://localhost:4312/two-policies-partner", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "content-type": "application/json",
    "cookie": "session=1",
    "Referer": "http://localhost:4310/"
  },
  "body": "{}",
  "method": "PUT"
});