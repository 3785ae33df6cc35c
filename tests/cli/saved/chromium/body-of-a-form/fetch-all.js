fetch("http://localhost:4310/page/body-of-a-form", {
  "headers": {
    "accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/jxl,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7",
    "accept-language": "en-US,en;q=0.9",
    "upgrade-insecure-requests": "1"
  },
  "body": null,
  "method": "GET",
  "mode": "cors",
  "credentials": "omit"
}); ;
fetch("http://localhost:4312/body-of-a-form", {
  "headers": {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "content-type": "multipart/form-data; boundary=----WebKitFormBoundaryB8AlvIOAItsKBXlm"
  },
  "referrer": "http://localhost:4310/",
  "body": "------WebKitFormBoundaryB8AlvIOAItsKBXlm\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nx\r\n------WebKitFormBoundaryB8AlvIOAItsKBXlm\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\ntwo\r\nlines\r\n------WebKitFormBoundaryB8AlvIOAItsKBXlm--\r\n",
  "method": "POST",
  "mode": "cors",
  "credentials": "omit"
});