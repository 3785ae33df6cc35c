await fetch("http://localhost:4312/header-accept-of-an-image-post", {
    "credentials": "omit",
    "headers": {
        "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0",
        "Accept": "image/png",
        "Accept-Language": "en-US,en;q=0.9",
        "content-type": "text/plain; q=\"(x)\"",
        "Sec-Fetch-Dest": "empty",
        "Sec-Fetch-Mode": "cors",
        "Sec-Fetch-Site": "same-site",
        "Priority": "u=4"
    },
    "referrer": "http://localhost:4310/",
    "body": "x",
    "method": "POST",
    "mode": "cors"
});