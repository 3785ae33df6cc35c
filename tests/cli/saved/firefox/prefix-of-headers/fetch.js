await fetch("http://localhost:4312/prefix-of-headers", {
    "credentials": "include",
    "headers": {
        "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0",
        "Accept": "*/*",
        "Accept-Language": "en-US,en;q=0.9",
        "authorization": "Bearer sk-test",
        "content-type": "application/json",
        "x-stainless-arch": "unknown",
        "x-stainless-lang": "js",
        "x-stainless-os": "Unknown",
        "x-stainless-retry-count": "0",
        "x-stainless-runtime": "browser:chrome",
        "x-stainless-timeout": "600",
        "Sec-Fetch-Dest": "empty",
        "Sec-Fetch-Mode": "cors",
        "Sec-Fetch-Site": "same-site",
        "Priority": "u=4"
    },
    "referrer": "http://localhost:4310/",
    "body": "{\"model\":\"small\",\"input\":\"hi\",\"stream\":false}",
    "method": "POST",
    "mode": "cors"
});