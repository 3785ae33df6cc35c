fetch("http://localhost:4312/get-with-query?q=a%20b&sort=-name&tag[]=x&e=%E2%82%AC", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "Referer": "http://localhost:4310/"
  },
  "body": null,
  "method": "GET"
});