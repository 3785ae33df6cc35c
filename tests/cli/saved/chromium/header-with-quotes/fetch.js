fetch("http://localhost:4312/header-with-quotes", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "x-request-id": "a 'b' \"c\" $d `e` %f% ^g \\h !i"
  },
  "referrer": "http://localhost:4310/",
  "body": null,
  "method": "GET",
  "mode": "cors",
  "credentials": "omit"
});