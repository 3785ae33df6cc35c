curl --url ^"http://localhost:4312/header-x-client-data-refused^" ^
  -H ^"sec-ch-ua-platform: ^\^"Linux^\^"^" ^
  -H ^"x-client-data: abc^" ^
  -H ^"Referer: http://localhost:4310/^" ^
  -H ^"User-Agent: Mozilla/5.0 ^(X11; Linux x86_64^) AppleWebKit/537.36 ^(KHTML, like Gecko^) HeadlessChrome/156.0.0.0 Safari/537.36^" ^
  -H ^"sec-ch-ua: ^\^"Not:A-Brand^\^";v=^\^"8^\^", ^\^"Chromium^\^";v=^\^"156^\^"^" ^
  -H ^"sec-ch-ua-mobile: ?0^"