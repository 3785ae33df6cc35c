fetch("http://localhost:4312/image-element", {
  "headers": {
    "accept": "image/jxl,image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8",
    "accept-language": "en-US,en;q=0.9",
    "Referer": "http://localhost:4310/"
  },
  "body": null,
  "method": "GET"
});