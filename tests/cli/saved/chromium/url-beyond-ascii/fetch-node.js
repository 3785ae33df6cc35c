fetch("http://localhost:4312/url-beyond-ascii/z%C3%BCrich/?stra%C3%9Fe=%C3%B6", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "Referer": "http://localhost:4310/"
  },
  "body": null,
  "method": "GET"
});