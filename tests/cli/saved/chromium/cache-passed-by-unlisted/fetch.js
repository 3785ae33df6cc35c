fetch("http://localhost:4312/cache-passed-by-unlisted", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "cache-control": "no-cache",
    "pragma": "no-cache"
  },
  "referrer": "http://localhost:4311/",
  "body": null,
  "method": "GET",
  "mode": "cors",
  "credentials": "omit"
});