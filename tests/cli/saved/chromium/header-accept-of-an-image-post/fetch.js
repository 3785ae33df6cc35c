fetch("http://localhost:4312/header-accept-of-an-image-post", {
  "headers": {
    "accept": "image/png",
    "accept-language": "en-US,en;q=0.9",
    "content-type": "text/plain; q=\"(x)\""
  },
  "referrer": "http://localhost:4310/",
  "body": "x",
  "method": "POST",
  "mode": "cors",
  "credentials": "omit"
});