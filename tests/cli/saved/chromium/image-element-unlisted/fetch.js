fetch("http://localhost:4312/image-element-unlisted", {
  "headers": {
    "accept": "image/jxl,image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8",
    "accept-language": "en-US,en;q=0.9"
  },
  "referrer": "http://localhost:4311/",
  "body": null,
  "method": "GET",
  "mode": "cors",
  "credentials": "omit"
});