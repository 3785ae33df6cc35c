fetch("http://localhost:4312/options-by-the-page-refused", {
  "referrer": "http://localhost:4310/",
  "body": null,
  "method": "OPTIONS",
  "mode": "cors",
  "credentials": "omit"
});