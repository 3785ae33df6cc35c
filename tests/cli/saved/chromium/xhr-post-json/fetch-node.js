fetch("http://localhost:4312/xhr-post-json", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "content-type": "application/json",
    "x-requested-with": "XMLHttpRequest",
    "Referer": "http://localhost:4310/"
  },
  "body": "{\"a\":[1,2]}",
  "method": "POST"
});