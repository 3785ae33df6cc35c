curl --url 'http://localhost:4312/cache-headers-refused-post' \
  -H 'sec-ch-ua-platform: "Linux"' \
  -H 'cache-control: no-cache' \
  -H 'Referer: http://localhost:4310/' \
  -H 'pragma: no-cache' \
  -H 'sec-ch-ua: "Not:A-Brand";v="8", "Chromium";v="156"' \
  -H 'sec-ch-ua-mobile: ?0' \
  -H 'User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0.0.0 Safari/537.36' \
  -H 'Content-Type: text/plain;charset=UTF-8' \
  --data-raw 'x'