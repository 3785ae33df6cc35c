fetch("http://localhost:4312/body-with-bang", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "content-type": "text/plain;charset=UTF-8"
  },
  "referrer": "http://localhost:4310/",
  "body": "hello! history !! !$",
  "method": "POST",
  "mode": "cors",
  "credentials": "omit"
});