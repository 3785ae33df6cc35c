fetch("http://localhost:4312/body-with-quotes", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "content-type": "text/plain;charset=UTF-8",
    "Referer": "http://localhost:4310/"
  },
  "body": "it's \"quoted\" and \\escaped\\ `so` $HOME %PATH% ^caret & <tags> | pipe; (x)",
  "method": "POST"
});