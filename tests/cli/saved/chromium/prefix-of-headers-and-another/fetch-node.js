fetch("http://localhost:4312/prefix-of-headers-and-another", {
  "headers": {
    "content-type": "application/json",
    "openai-beta": "assistants=v2",
    "x-stainless-arch": "unknown",
    "Referer": "http://localhost:4310/"
  },
  "body": "{}",
  "method": "POST"
});