await fetch("http://localhost:4312/stylesheet-element", {
    "credentials": "omit",
    "headers": {
        "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0",
        "Accept": "text/css,*/*;q=0.1",
        "Accept-Language": "en-US,en;q=0.9",
        "Sec-Fetch-Dest": "style",
        "Sec-Fetch-Mode": "cors",
        "Sec-Fetch-Site": "same-site",
        "Priority": "u=2"
    },
    "referrer": "http://localhost:4310/",
    "method": "GET",
    "mode": "cors"
});