fetch("http://localhost:4312/body-of-a-form", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "content-type": "multipart/form-data; boundary=----WebKitFormBoundary9uiV9Bx1C6zAfUl0"
  },
  "referrer": "http://localhost:4310/",
  "body": "------WebKitFormBoundary9uiV9Bx1C6zAfUl0\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nx\r\n------WebKitFormBoundary9uiV9Bx1C6zAfUl0\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\ntwo\r\nlines\r\n------WebKitFormBoundary9uiV9Bx1C6zAfUl0--\r\n",
  "method": "POST",
  "mode": "cors",
  "credentials": "omit"
});