curl 'http://localhost:4312/body-of-a-form' \
  -X POST \
  -H 'User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0' \
  -H 'Accept: */*' \
  -H 'Accept-Language: en-US,en;q=0.9' \
  -H 'Accept-Encoding: gzip, deflate, br, zstd' \
  -H 'Referer: http://localhost:4310/' \
  -H 'Content-Type: multipart/form-data; boundary=----geckoformboundary836c2ef134fd0388c2dc7da8bcdc21a' \
  -H 'Origin: http://localhost:4310' \
  -H 'Connection: keep-alive' \
  -H 'Sec-Fetch-Dest: empty' \
  -H 'Sec-Fetch-Mode: cors' \
  -H 'Sec-Fetch-Site: same-site' \
  -H 'Priority: u=4' \
  --data-binary \
  $'------geckoformboundary836c2ef134fd0388c2dc7da8bcdc21a\r\nContent-Disposition: form-data; name="name"\r\n\r\nx\r\n------geckoformboundary836c2ef134fd0388c2dc7da8bcdc21a\r\nContent-Disposition: form-data; name="note"\r\n\r\ntwo\r\nlines\r\n------geckoformboundary836c2ef134fd0388c2dc7da8bcdc21a--\r\n'