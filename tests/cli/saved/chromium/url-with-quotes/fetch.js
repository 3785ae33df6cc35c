fetch("http://localhost:4312/url-with-quotes?q=%27a%27&b=%22c%22&d=$e&f=(g)!h*{i}[j]^k|l;m@n", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9"
  },
  "referrer": "http://localhost:4310/",
  "body": null,
  "method": "GET",
  "mode": "cors",
  "credentials": "omit"
});