curl --url ^"http://localhost:4312/body-of-a-form^" ^
  -H ^"Accept: */*^" ^
  -H ^"Accept-Language: en-US,en;q=0.9^" ^
  -H ^"Connection: keep-alive^" ^
  -H ^"Content-Type: multipart/form-data; boundary=----WebKitFormBoundaryB8AlvIOAItsKBXlm^" ^
  -H ^"Origin: http://localhost:4310^" ^
  -H ^"Referer: http://localhost:4310/^" ^
  -H ^"Sec-Fetch-Dest: empty^" ^
  -H ^"Sec-Fetch-Mode: cors^" ^
  -H ^"Sec-Fetch-Site: same-site^" ^
  -H ^"User-Agent: Mozilla/5.0 ^(X11; Linux x86_64^) AppleWebKit/537.36 ^(KHTML, like Gecko^) HeadlessChrome/156.0.0.0 Safari/537.36^" ^
  -H ^"sec-ch-ua: ^\^"Not:A-Brand^\^";v=^\^"8^\^", ^\^"Chromium^\^";v=^\^"156^\^"^" ^
  -H ^"sec-ch-ua-mobile: ?0^" ^
  -H ^"sec-ch-ua-platform: ^\^"Linux^\^"^" ^
  --data-raw ^"------WebKitFormBoundaryB8AlvIOAItsKBXlm^

Content-Disposition: form-data; name=^\^"name^\^"^

^

x^

------WebKitFormBoundaryB8AlvIOAItsKBXlm^

Content-Disposition: form-data; name=^\^"note^\^"^

^

two^

lines^

------WebKitFormBoundaryB8AlvIOAItsKBXlm--^

^"