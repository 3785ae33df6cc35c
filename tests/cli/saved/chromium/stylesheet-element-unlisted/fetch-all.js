fetch("http://localhost:4311/page/stylesheet-element-unlisted", {
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
fetch("http://localhost:4312/stylesheet-element-unlisted", {
  "headers": {
    "accept": "text/css,*/*;q=0.1",
    "accept-language": "en-US,en;q=0.9"
  },
  "referrer": "http://localhost:4311/",
  "body": null,
  "method": "GET",
  "mode": "cors",
  "credentials": "omit"
});