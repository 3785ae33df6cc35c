//! What is the page's, the browser's and curl's, in any form.

use super::{APP, URL, only, requests};

#[test]
fn what_browsers_and_curl_add_is_not_of_the_page() {
    let request = |headers: &str| format!("PUT {URL} HTTP/1.1\n{headers}\n");
    let added = "Accept: */*\nAccept-Encoding: br\nAccept-Language: en-GB,en;q=0.9\nAlt-Used: a\nConnection: keep-alive\nContent-Length: 1\nDNT: 1\nExpect: 100-continue\nHost: a\n\
                 Priority: u=1\nReferer: https://app.example.com/\nSave-Data: on\nSec-CH-UA: x\nSec-Fetch-Mode: cors\nTE: trailers\nUpgrade-Insecure-Requests: 1\nUser-Agent: x\nX-Client-Data: x\n\
                 Authorization: Negotiate x\nCache-Control: no-cache\nPragma: no-cache\nIf-None-Match: x";
    assert_eq!(requests(&request(added)), [format!("PUT {URL} from {APP}")]);
    let set = [
        "Accept: application/json",
        "Accept-Language: en_GB",
        "Content-Type: text/plain",
        "Authorization: Bearer x",
        "Cache-Control: no-store",
        "Pragma: no-cache",
        "X-Requested-With: x",
    ];
    for header in set {
        assert_eq!(requests(&request(header)), [format!("PUT {URL} from -; {header}")]);
    }
}

#[test]
fn headers_are_the_pages_where_the_browser_cannot_have_added_them() {
    let request = |headers: &str| requests(&format!("GET {URL} HTTP/1.1\n{headers}")).concat();
    let got = format!("GET {URL} from -");
    let added = "Cache-Control: no-cache\nPragma: no-cache\nIf-None-Match: x\nPriority: u=1\nAuthorization: Negotiate x\nX-Client-Data: x\nPurpose: x\nDPR: 2\n";
    let firefox = "User-Agent: Mozilla/5.0 (X11; rv:153.0) Gecko/20100101 Firefox/153.0\nAccept: */*\n";
    let fetch = "Sec-Fetch-Mode: cors\n";
    let of_page = "; Cache-Control: no-cache; Pragma: no-cache; If-None-Match: x; Priority: u=1; Authorization: Negotiate x; X-Client-Data: x; Purpose: x";
    let rows = [
        (format!("Accept: */*\n{added}"), String::new()),
        // Never sent: Chromium came to add nothing. A client hint may be its own all the same.
        (added.to_owned(), of_page.to_owned()),
        (format!("{firefox}{fetch}{added}"), String::new()),
        (format!("{firefox}{added}{fetch}"), format!("{of_page}; DPR: 2")),
        // Without `Sec-Fetch-*`, to a server in the clear, the order does not tell.
        (format!("{firefox}{added}"), String::new()),
    ];
    for (headers, set) in rows {
        assert_eq!(request(&headers), format!("{got}{set}"), "{headers}");
    }
}

#[test]
fn the_authority_of_older_chromium_is_not_a_header() {
    let command = |authority: &str| requests(&format!("curl '{URL}' -H 'authority: {authority}'"));
    assert_eq!(command("api.example.com"), [format!("GET {URL} from -")]);
    assert_eq!(command("mine"), [format!("GET {URL} from -; authority: mine")]);
}

#[test]
fn what_the_text_does_not_show_is_said() {
    let rows = [
        ("curl https://a.example/", "it has no cookie, so `same-origin` is assumed"),
        (
            "fetch('https://a.example/', {headers: {authorization: 'Bearer x'}, mode: 'cors', credentials: 'include'})",
            "developer tools write `include` for each request with `Authorization`",
        ),
        ("HTTP/1.1 200 OK\n", "the text has only a response"),
        (
            "GET / HTTP/1.1\nHost: a.example\n",
            "the text does not show the scheme of the URL: `http` is assumed",
        ),
        (
            "GET / HTTP/1.1\nHost: a.example\nAccept: */*\nCache-Control: no-cache\nPragma: no-cache\n",
            "the browser's cache adds `cache-control` and `pragma`",
        ),
        (
            "GET / HTTP/1.1\nHost: a.example\nAccept: */*\nAuthorization: Basic x\n",
            "if the browser asked for the password, the page did not set it",
        ),
        (
            "curl https://a.example/ -H 'X Y: 1'",
            "the header \"X Y\" has a name or a value that cannot be sent",
        ),
        ("curl https://a.example/ -H @file", "the headers in the file \"file\" are not shown"),
        ("curl https://a.example/ https://b.example/", "the command asks for several URLs"),
        (
            "curl https://a.example/ -H 'Origin: https://b.example' -e https://c.example/",
            "`Origin` is \"https://b.example\", but `Referer` is on \"https://c.example\"",
        ),
        (
            "curl https://a.example/ -H 'Origin: https://b.example' -H 'Sec-Fetch-Site: same-origin'",
            "`Sec-Fetch-Site` is `same-origin`, but `Origin` is",
        ),
        (
            "curl https://a.example/font -e https://cdn.example/a.css -H 'Sec-Fetch-Dest: font'",
            "the page's origin is taken from the referrer, which can be a style sheet",
        ),
        (
            "fetch('https://a.example/', {method: 'OPTIONS', mode: 'cors'})",
            "whether `OPTIONS` was asked by the page or is the browser's preflight",
        ),
        (
            "fetch('https://a.example/', {headers: {accept: 'image/avif,*/*;q=0.8'}})",
            "without the attribute `crossorigin`",
        ),
    ];
    for (text, part) in rows {
        let caveats = only(text).caveats;
        assert!(caveats.iter().any(|caveat| caveat.contains(part)), "{text}: {caveats:?}");
    }
}

#[test]
fn credentials_are_told_where_the_text_shows_them() {
    let get = |headers: &str| format!("GET https://a.example/ HTTP/1.1\nOrigin: {APP}\n{headers}\n");
    let chromium = |version: &str| {
        format!("Sec-CH-UA: \"Chromium\";v=\"{version}\"\nSec-Fetch-Site: cross-site\nSec-Fetch-Mode: cors\n")
    };
    let rows = [
        (get("Cookie: a=1\n"), true, false),
        (get(&format!("{}Sec-Fetch-Storage-Access: none\n", chromium("156"))), true, false),
        // That Chromium would have sent the header.
        (get(&chromium("156")), false, false),
        (get(&chromium("133")), false, false),
        (get(&chromium("132")), false, true),
        (get(""), false, true),
    ];
    for (text, include, is_uncertain) in rows {
        let saved = only(&text);
        assert_eq!(super::in_words(&saved).contains(", include"), include, "{text}");
        assert_eq!(saved.caveats.iter().any(|caveat| caveat.contains("credentials")), is_uncertain, "{text}");
    }
}
