fetch("http://localhost:4312/body-with-lines", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "content-type": "text/csv"
  },
  "referrer": "http://localhost:4310/",
  "body": "a;b\r\n1;2\n3;4\r\n",
  "method": "PUT",
  "mode": "cors",
  "credentials": "omit"
});