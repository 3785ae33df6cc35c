await fetch("http://localhost:4312/body-of-a-form", {
    "credentials": "omit",
    "headers": {
        "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0",
        "Accept": "*/*",
        "Accept-Language": "en-US,en;q=0.9",
        "Content-Type": "multipart/form-data; boundary=----geckoformboundary836c2ef134fd0388c2dc7da8bcdc21a",
        "Sec-Fetch-Dest": "empty",
        "Sec-Fetch-Mode": "cors",
        "Sec-Fetch-Site": "same-site",
        "Priority": "u=4"
    },
    "referrer": "http://localhost:4310/",
    "body": "------geckoformboundary836c2ef134fd0388c2dc7da8bcdc21a\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nx\r\n------geckoformboundary836c2ef134fd0388c2dc7da8bcdc21a\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\ntwo\r\nlines\r\n------geckoformboundary836c2ef134fd0388c2dc7da8bcdc21a--\r\n",
    "method": "POST",
    "mode": "cors"
});