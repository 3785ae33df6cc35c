//! Each form, and texts of several: what is read of them.

use super::{APP, URL, assert_reads, only, requests};
use crate::saved::{NOT_UNDERSTOOD, parse};

#[test]
fn calls_of_fetch() {
    assert_reads(&[
        ("fetch('https://a.example/')", &["GET https://a.example/ from -"]),
        (
            "const response = await fetch(`https://a.example/`, { method: 'put', headers: { 'X-A': '1', }, credentials: 'include', });",
            &["put https://a.example/ from -, include; X-A: 1"],
        ),
        (
            "fetch('/items', {headers: [['a', '1'], ['b', '2']], credentials: 'omit'})",
            &["GET /items from -, omit; a: 1; b: 2"],
        ),
        ("fetch('https://a.example/', {mode: 'no-cors'})", &["GET https://a.example/ from -, no-cors"]),
        (
            r#"fetch("https://a.example/1", {"body": "}); fetch(\"https://evil.example\")", "method": "POST"}); ; fetch("https://a.example/2")"#,
            &["POST https://a.example/1 from -", "GET https://a.example/2 from -"],
        ),
        // A name that only ends like it.
        ("prefetch('https://a.example/')", &[NOT_UNDERSTOOD]),
    ]);
}

#[test]
fn a_call_with_more_than_literals_is_refused_with_its_place() {
    let literals = "`fetch(`: only literals are supported here, not variables or calls";
    for text in [
        "fetch(url)",
        "fetch(`${base}/items`)",
        "fetch('/a', { headers })",
        "fetch('/a', {\nbody: JSON.stringify(x)})",
    ] {
        let failure = parse(text).unwrap_err().to_string();
        assert!(failure.contains("`fetch(`: "), "{text}: {failure}");
    }
    assert_eq!(requests("fetch('/a', {\n\n  body: JSON.stringify(x)})"), [format!("line 3: {literals}")]);
    // In a script next to what was saved, it does not matter.
    assert_reads(&[(
        "    load @ app.js:3 fetch(url)\ncurl https://a.example/\n",
        &["GET https://a.example/ from -"],
    )]);
}

#[test]
fn preflights_and_navigations_among_the_calls_are_not_requests_of_the_page() {
    let navigation = r#"fetch("https://app.example.com/", {"headers": {"accept": "text/html,*/*", "upgrade-insecure-requests": "1"}, "mode": "cors", "credentials": "omit"})"#;
    let options = r#"fetch("https://a.example/1", {"headers": {"accept": "*/*"}, "method": "OPTIONS", "mode": "cors", "credentials": "omit"})"#;
    let delete =
        r#"fetch("https://a.example/1", {"method": "DELETE", "mode": "cors", "credentials": "omit"})"#;
    let get = r#"fetch("https://a.example/1", {"headers": {"accept": "*/*"}, "method": "GET", "mode": "cors", "credentials": "omit"})"#;
    let image = r#"fetch("https://a.example/i", {"headers": {"accept": "image/avif,*/*"}, "method": "GET", "mode": "cors"})"#;
    let deleted = "DELETE https://a.example/1 from -, preflighted";
    let asked = "OPTIONS https://a.example/1 from -, preflighted";
    let got = "GET https://a.example/1 from -";
    let post = r#"fetch("https://a.example/1", {"headers": {"accept": "image/png"}, "method": "POST", "mode": "cors"})"#;
    let rows: [(&[&str], &[&str]); 9] = [
        (&[navigation, delete, options], &[deleted]),
        (&[navigation, options, delete], &[deleted]),
        (&[delete, options, delete, options], &[deleted, deleted]),
        (&[options, options], &[asked]),
        (&[get, options, options], &[got, asked]),
        (&[navigation, image, get], &[got]),
        (&[post, options], &["POST https://a.example/1 from -, preflighted; accept: image/png"]),
        (&[image], &["GET https://a.example/i from -"]),
        (&[navigation], &["CORS does not apply to what the text has (navigations: 1)"]),
    ];
    for separator in ["; ;\n", ";\n", " ;", "\n"] {
        for (calls, expected) in rows {
            assert_eq!(requests(&calls.join(separator)), expected, "{separator:?} {calls:?}");
        }
    }
}

#[test]
fn commands_of_curl() {
    assert_reads(&[
        ("curl https://a.example/", &["GET https://a.example/ from -"]),
        ("curl a.example/x?a=1", &["GET http://a.example/x?a=1 from -"]),
        ("curl a.example/?u=https://b.example/", &["GET http://a.example/?u=https://b.example/ from -"]),
        (
            "GET /?u=https://b.example/ HTTP/1.1\nHost: a.example:80\n",
            &["GET http://a.example:80/?u=https://b.example/ from -"],
        ),
        ("$ curl -sSvXPUT https://a.example/ -H'X-A: 1'", &["PUT https://a.example/ from -; X-A: 1"]),
        ("PS C:\\> curl.exe https://a.example/ -I", &["HEAD https://a.example/ from -"]),
        (
            "curl --request=DELETE --url=https://a.example/ --max-time 5 -o /dev/null -k",
            &["DELETE https://a.example/ from -"],
        ),
        (
            "curl https://a.example/ -d a=b",
            &["POST https://a.example/ from -; Content-Type: application/x-www-form-urlencoded"],
        ),
        ("curl https://a.example/ -d a=b -H 'Content-Type:'", &["POST https://a.example/ from -"]),
        ("curl https://a.example/ -G -d a=b -d c=d", &["GET https://a.example/?a=b&c=d from -"]),
        (
            "curl https://a.example/ --json '{}'",
            &["POST https://a.example/ from -; Accept: application/json; Content-Type: application/json"],
        ),
        (
            "curl https://a.example/ -F a=b",
            &["POST https://a.example/ from -; Content-Type: multipart/form-data; boundary=x"],
        ),
        ("curl https://a.example/ -T file", &["PUT https://a.example/ from -"]),
        (
            "curl -u me:secret https://a.example/",
            &["GET https://a.example/ from -; Authorization: Basic (not shown)"],
        ),
        (
            "curl https://me:secret@a.example/",
            &["GET https://a.example/ from -; Authorization: Basic (not shown)"],
        ),
        (
            "curl --oauth2-bearer secret https://a.example/",
            &["GET https://a.example/ from -; Authorization: Bearer (not shown)"],
        ),
        (
            "curl https://a.example/ -r 0-9 -A me -e https://app.example.com/x",
            &["GET https://a.example/ from https://app.example.com; Range: bytes=0-9"],
        ),
        (
            "curl https://a.example/ -b 'id=1' -H 'Origin: https://app.example.com'",
            &["GET https://a.example/ from https://app.example.com, include"],
        ),
        (
            "curl https://a.example/ -H 'X-Empty;' -H 'X-Name: é' -H 'X-Quote: \"'",
            &["GET https://a.example/ from -; X-Empty: ; X-Name: é; X-Quote: \""],
        ),
        (
            "curl https://a.example/1 --next -X PUT https://a.example/2 ; curl https://a.example/3\ncurl -- https://a.example/4",
            &[
                "GET https://a.example/1 from -",
                "PUT https://a.example/2 from -",
                "GET https://a.example/3 from -",
                "GET https://a.example/4 from -",
            ],
        ),
        (
            "curl ^\"https://a.example/?a=1^&b=^%^20^\" ^\r\n  -X ^\"PUT^\" ^\r\n  -H ^\"X-A: ^\\^\"q^\\^\"^\" &\r\ncurl ^\"https://a.example/2^\"",
            &["PUT https://a.example/?a=1&b=%20 from -; X-A: \"q\"", "GET https://a.example/2 from -"],
        ),
        (
            "curl -X OPTIONS https://a.example/ -H 'Origin: https://app.example.com' -H 'Access-Control-Request-Method: PUT' -H 'Access-Control-Request-Headers: x-a'",
            &["preflight of PUT https://a.example/ from https://app.example.com; x-a"],
        ),
    ]);
}

#[test]
fn what_curl_v_prints() {
    let exchange = |method: &str, more: &str, answer: &str| {
        format!(
            "> {method} /items/1 HTTP/1.1\r\n> Host: api.example.com\r\n> User-Agent: curl/8.0\r\n> Accept: */*\r\n> Origin: {APP}\r\n{more}> \r\n< HTTP/1.1 {answer}\r\n< Vary: Origin\r\n< \r\n"
        )
    };
    let tls = "* Connected to api.example.com (10.0.0.1) port 443\n* SSL connection using TLSv1.3\n";
    let put = format!("PUT {URL} from {APP}");
    let rows = [
        (format!("{tls}{}", exchange("PUT", "", "200 OK")), vec![put.clone()]),
        // Only the two heads were copied. An https page asks https.
        (exchange("PUT", "", "200 OK"), vec![put.clone()]),
        (
            format!("* Connected to api.example.com\n{}", exchange("PUT", "", "200 OK")),
            vec![put.replace("https://api", "http://api")],
        ),
        (
            format!("{tls}{}", exchange("PUT", "> Cookie: id=1\r\n> X-A: 1\r\n", "200 OK")),
            vec![format!("{put}, include; X-A: 1")],
        ),
        // The preflight and then the request.
        (
            format!(
                "{tls}{}* Connection #0 to host api.example.com left intact\n* Re-using existing connection\n{}",
                exchange(
                    "OPTIONS",
                    "> Access-Control-Request-Method: PUT\r\n> Access-Control-Request-Headers: authorization\r\n",
                    "204 No Content"
                ),
                exchange("PUT", "", "200 OK")
            ),
            vec![format!("{put}, preflighted; authorization: (not shown)")],
        ),
        (
            format!(
                "{tls}{}<html>\n< HTTP/1.1 500 No\n> GET /x HTTP/1.1\n> Host: evil.example\nno end* Connection #0 to host left intact\n",
                exchange("PUT", "", "200 OK")
            ),
            vec![put.clone()],
        ),
        (
            format!("{tls}{}", exchange("PUT", "", "100 Continue\r\n< \r\n* We are done\n< HTTP/1.1 200 OK")),
            vec![put.clone()],
        ),
        (format!("$ curl -v -X PUT {URL}\n{}", exchange("PUT", "", "200 OK")), vec![put.clone()]),
    ];
    for (text, expected) in rows {
        assert_eq!(requests(&text), expected, "{text}");
        let saved = parse(&text).unwrap();
        let response = saved[0].recorded.response.as_ref().unwrap();
        assert_eq!(
            (response.status().as_u16(), response.headers()["vary"].to_str().unwrap()),
            (200, "Origin"),
            "{text}"
        );
    }
}

#[test]
fn a_head_that_curl_writes_twice_is_one() {
    let text = "* Trying 127.0.0.1\n> HEAD /a HTTP/1.1\n> Host: a.example\n> \n< HTTP/1.1 200 OK\nHTTP/1.1 200 OK\n\
                < vary: Origin\n\u{1b}[1mvary\u{1b}[0m: Origin\n< allow: GET\n\u{1b}[1mallow\u{1b}[0m: GET\n\n< \n";
    assert_reads(&[(text, &["HEAD http://a.example/a from -"])]);
    let response = only(text).recorded.response.unwrap();
    assert_eq!((response.headers().len(), &response.headers()["allow"]), (2, &"GET".parse().unwrap()));
    // On a terminal, names are bold.
    let response = only("HTTP/1.1 200 OK\n\u{1b}[1mvary\u{1b}[0m: Origin\n").recorded.response.unwrap();
    assert_eq!(response.headers()["vary"], "Origin");
}

#[test]
fn a_redirect_that_the_text_does_not_follow_is_named() {
    let first = "> GET /a HTTP/1.1\n> Host: a.example\n> \n< HTTP/1.1 302 Found\n< Location: https://b.example/\n< \n";
    let next = "> GET / HTTP/1.1\n> Host: b.example\n> \n< HTTP/1.1 200 OK\n< \n";
    for (text, is_named) in
        [(first.to_owned(), true), (first.replace("302", "304"), false), ([first, next].concat(), false)]
    {
        let saved = parse(&text).unwrap();
        let is_said =
            |caveat: &String| caveat.starts_with("the response redirects to \"https://b.example/\": ");
        assert_eq!(saved[0].caveats.iter().any(is_said), is_named, "{text}");
    }
}

#[test]
fn a_redirect_between_foreign_origins_makes_the_origin_null() {
    let text = "* Trying 10.0.0.1\n> GET /a HTTP/1.1\n> Host: a.example\n> Origin: https://app.example.com\n> \n< HTTP/1.1 302 Found\n< Location: http://b.example/b\n< \n\
                * Connection #0 to host a.example left intact\n* Issue another request to this URL: 'http://b.example/b'\n* Trying 10.0.0.2\n\
                > GET /b HTTP/1.1\n> Host: b.example\n> Origin: https://app.example.com\n> \n< HTTP/1.1 200 OK\n< \n";
    assert_reads(&[(
        text,
        &["GET http://a.example/a from https://app.example.com", "GET http://b.example/b from null"],
    )]);
    let saved = parse(text).unwrap();
    assert_eq!((saved[0].place.as_str(), saved[1].place.as_str()), ("line 2", "line 12"));
    assert!(saved[1].caveats.iter().any(|caveat| caveat.contains("`Origin: null`")));
}

#[test]
fn heads_as_they_are() {
    assert_reads(&[
        (
            "PUT /items/1 HTTP/1.1\r\nHost: api.example.com\r\nOrigin: https://app.example.com\r\nX-A: 1\r\n\r\n{}",
            &["PUT https://api.example.com/items/1 from https://app.example.com; X-A: 1"],
        ),
        ("PUT http://a.example/1 HTTP/1.1\nX-A: 1", &["PUT http://a.example/1 from -; X-A: 1"]),
        (
            "GET /items HTTP/2\nHost: localhost:3000\n\nHTTP/2 200\nvary: Origin\n\n<p>GET / HTTP/1.1",
            &["GET http://localhost:3000/items from -"],
        ),
        (
            ":authority: a.example\n:method: PUT\n:path: /1?a\n:scheme: https\norigin: null\nx-a: 1",
            &["PUT https://a.example/1?a from null; x-a: 1"],
        ),
        (
            ":authority\na.example\n:method\nPUT\n:path\n/1\n:scheme\nhttps\nx-a\n1",
            &["PUT https://a.example/1 from -; x-a: 1"],
        ),
        ("PUT /items/1 HTTP/1.1\n", &["PUT /items/1 from -"]),
        (
            "OPTIONS /1 HTTP/1.1\nHost: a.example:80\nOrigin: http://app.example\nAccess-Control-Request-Method: PUT\n\nHTTP/1.1 204 No Content\n\nPUT /1 HTTP/1.1\nHost: a.example:80\n\nHTTP/1.1 200 OK\n\n",
            &["PUT http://a.example:80/1 from http://app.example, preflighted"],
        ),
        (
            "HTTP/1.1 302 Found\nLocation: /b\n\nHTTP/1.1 200 OK\nVary: Origin\n\n<p>\nHTTP/1.1 500 is a status\n</p>\n",
            &["- - from -"],
        ),
        (
            "$ curl -i https://a.example/ -X PUT\nHTTP/2 200 \nvary: Origin\n\n<p>\n$ curl https://a.example/2\n",
            &["PUT https://a.example/ from -", "GET https://a.example/2 from -"],
        ),
    ]);
    let saved = only(
        "HTTP/1.1 302 Found\nLocation: /b\n\nHTTP/1.1 200 OK\nVary: Origin\n\n<p>\nHTTP/1.1 500 is a status\n</p>\n",
    );
    assert_eq!(saved.recorded.response.unwrap().status().as_u16(), 200);
}

#[test]
fn what_is_not_understood_is_one_line_that_names_the_forms() {
    for text in [
        "",
        "\n\n",
        "hello",
        "\0\u{1}\u{ffff}",
        "<html></html>",
        "[]",
        "curl",
        "curl ",
        "PUT https://a.example/",
    ] {
        assert_eq!(requests(text), [NOT_UNDERSTOOD], "{text:?}");
    }
    let known = [
        ("Invoke-WebRequest -UseBasicParsing -Uri \"https://a.example/\"", "copied for PowerShell"),
        (
            "== Info: Connected\n=> Send header, 9 bytes\n0000: GET / HTTP/1.1\n",
            "save the output of `curl -v`",
        ),
        ("* SSL certificate problem\n* Closing connection 0\n", "curl ended before it sent a request"),
        ("curl: (7) Failed to connect to a.example port 443\n", "curl ended before it sent a request"),
        ("(Grund: CORS-Kopfzeile 'Access-Control-Allow-Origin' fehlt)", "another language than English"),
    ];
    for (text, part) in known {
        assert!(requests(text).concat().contains(part), "{text}: {:?}", requests(text));
    }
    assert_eq!(
        requests("curl https://a.example/ -H 'x"),
        ["line 1: `curl`: the text ends in the middle of a request: save all of it"]
    );
    assert_eq!(requests("curl https://a.example/ -X 'A B'"), ["line 1: \"A B\" is not a valid method"]);
}
