fetch("http://localhost:4310/page/several-with-assets", {
  "headers": {
    "accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/jxl,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7",
    "accept-language": "en-US,en;q=0.9",
    "upgrade-insecure-requests": "1"
  },
  "body": null,
  "method": "GET",
  "mode": "cors",
  "credentials": "omit"
}); ;
fetch("http://localhost:4310/asset/main.js", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9"
  },
  "referrer": "http://localhost:4310/page/several-with-assets",
  "body": null,
  "method": "GET",
  "mode": "cors",
  "credentials": "omit"
}); ;
fetch("http://localhost:4310/asset/logo.svg", {
  "headers": {
    "accept": "image/jxl,image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8",
    "accept-language": "en-US,en;q=0.9"
  },
  "referrer": "http://localhost:4310/page/several-with-assets",
  "body": null,
  "method": "GET",
  "mode": "cors",
  "credentials": "omit"
}); ;
fetch("http://localhost:4312/several-with-assets", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9"
  },
  "referrer": "http://localhost:4310/",
  "body": null,
  "method": "OPTIONS",
  "mode": "cors",
  "credentials": "omit"
}); ;
fetch("http://localhost:4312/several-with-assets", {
  "headers": {
    "content-type": "text/plain;charset=UTF-8"
  },
  "referrer": "http://localhost:4310/",
  "body": "x",
  "method": "PATCH",
  "mode": "cors",
  "credentials": "omit"
}); ;
fetch("http://localhost:4310/favicon.ico", {
  "headers": {
    "accept": "image/jxl,image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8",
    "accept-language": "en-US,en;q=0.9"
  },
  "referrer": "http://localhost:4310/page/several-with-assets",
  "body": null,
  "method": "GET",
  "mode": "cors",
  "credentials": "omit"
});