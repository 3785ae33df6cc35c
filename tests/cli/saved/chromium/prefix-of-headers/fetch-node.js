fetch("http://localhost:4312/prefix-of-headers", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "authorization": "Bearer sk-test",
    "content-type": "application/json",
    "x-stainless-arch": "unknown",
    "x-stainless-lang": "js",
    "x-stainless-os": "Unknown",
    "x-stainless-retry-count": "0",
    "x-stainless-runtime": "browser:chrome",
    "x-stainless-timeout": "600",
    "Referer": "http://localhost:4310/"
  },
  "body": "{\"model\":\"small\",\"input\":\"hi\",\"stream\":false}",
  "method": "POST"
});