fetch("http://localhost:4312/post-form", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "content-type": "application/x-www-form-urlencoded;charset=UTF-8"
  },
  "referrer": "http://localhost:4310/",
  "body": "name=A+%26+B&city=Z%C3%BCrich",
  "method": "POST",
  "mode": "cors",
  "credentials": "omit"
});