fetch("http://localhost:4312/stylesheet-element", {
  "headers": {
    "accept": "text/css,*/*;q=0.1",
    "accept-language": "en-US,en;q=0.9"
  },
  "referrer": "http://localhost:4310/",
  "body": null,
  "method": "GET",
  "mode": "cors",
  "credentials": "omit"
});