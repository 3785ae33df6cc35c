//! What ends at the gateway, and what each side is told of the other.

use super::wire::{Gateway, last, message};

const EMPTY: &str = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";

/// What the upstream is told of a client whose headers are these.
const TOLD: [&str; 5] = [
    "forwarded: for=127.0.0.1;host=\"gateway.example\";proto=http",
    "via: 1.1 gateway",
    "x-forwarded-for: 127.0.0.1",
    "x-forwarded-host: gateway.example",
    "x-forwarded-proto: http",
];

fn host(gateway: &Gateway) -> String {
    format!("host: {}", gateway.upstream.local_addr().expect("it has an address"))
}

#[tokio::test]
async fn headers_of_one_connection_end_here_both_ways() {
    let gateway = Gateway::start().await;
    let mut sent = vec![
        "connection: X-Named, close",
        "connection: x-also",
        "x-named: 1",
        "x-also: 1",
        "x-also: 2",
        "keep-alive: timeout=5",
        "proxy-connection: keep-alive",
        "proxy-authorization: Basic c2VjcmV0",
        "te: trailers",
        "trailer: x-sum",
        "x-kept: 1",
        "cookie: a=b",
    ];
    let answer = "HTTP/1.1 200 OK\r\nconnection: x-named, close\r\nx-named: 1\r\nkeep-alive: timeout=5\r\n\
        proxy-authenticate: Basic\r\ntrailer: x-sum\r\nupgrade: h2c\r\ncontent-length: 0\r\nset-cookie: a=1\r\n\
        set-cookie: b=2\r\n\r\n";
    let (request, got) = gateway.exchange("GET /v1/a%20b?q=%2F", &sent, answer).await;
    request.assert("GET /v1/a%20b?q=%2F HTTP/1.1", &[&TOLD, &[&host(&gateway), "x-kept: 1", "cookie: a=b"]]);
    // The client has asked for the end of its connection, and gets it from the gateway.
    let own =
        ["connection: close", "content-length: 0", "set-cookie: a=1", "set-cookie: b=2", "vary: Origin"];
    got.assert("HTTP/1.1 200 OK", &[&own]);

    // An upgrade to anything but a WebSocket is none.
    sent = vec!["connection: upgrade, http2-settings", "upgrade: h2c", "http2-settings: AAMAAABkAAQAAP__"];
    let (request, _) = gateway.exchange("GET /v1", &sent, EMPTY).await;
    request.assert("GET /v1 HTTP/1.1", &[&TOLD, &[&host(&gateway)]]);
}

#[tokio::test]
async fn what_a_client_says_of_itself_is_replaced() {
    let gateway = Gateway::start().await;
    let claimed = [
        "forwarded: for=192.0.2.1",
        "x-forwarded-for: 192.0.2.1",
        "x-forwarded-for: 192.0.2.2",
        "x-forwarded-host: admin.example",
        "x-forwarded-proto: https",
        "x-forwarded-port: 443",
        "x-forwarded-prefix: /admin",
        "x-forwarded-server: admin",
        "x-real-ip: 192.0.2.1",
        // Nor can it take what the gateway says off again.
        "connection: x-forwarded-for, forwarded, via, host",
    ];
    let (request, _) = gateway.exchange("GET /v1", &claimed, EMPTY).await;
    request.assert("GET /v1 HTTP/1.1", &[&TOLD, &[&host(&gateway)]]);

    // Where the target has a name, the target's counts: RFC 9112, section 3.2.2.
    let (request, _) = gateway.exchange("GET http://other.example:8080/v1", &[], EMPTY).await;
    let told = [
        "forwarded: for=127.0.0.1;host=\"other.example:8080\";proto=http",
        "x-forwarded-host: other.example:8080",
    ];
    request.assert("GET /v1 HTTP/1.1", &[&TOLD[1..3], &TOLD[4..], &told, &[&host(&gateway)]]);
}

#[tokio::test]
async fn a_request_without_one_valid_host_and_a_tunnel_are_refused() {
    let gateway = Gateway::start().await;
    for (start, headers, status) in [
        ("GET /v1", &[][..], "400 Bad Request"),
        ("GET /v1", &["host: a.example", "host: b.example"], "400 Bad Request"),
        ("GET /v1", &["host: "], "400 Bad Request"),
        ("GET /v1", &["host: a\"b"], "400 Bad Request"),
        ("GET /v1", &["host: user@a.example"], "400 Bad Request"),
        ("GET http://user@a.example/v1", &["host: a.example"], "400 Bad Request"),
        ("CONNECT /v1", &["host: a.example"], "405 Method Not Allowed"),
        ("CONNECT a.example:443", &["host: a.example"], "404 Not Found"),
    ] {
        let mut client = gateway.open().await;
        client.say(&message(start, headers, "")).await;
        assert_eq!(client.head().await.start, format!("HTTP/1.1 {status}"), "{start} {headers:?}");
    }
    gateway.assert_unasked().await;
}

#[tokio::test]
async fn a_message_has_one_length_for_both_sides() {
    let gateway = Gateway::start().await;
    // The rest of the body would be a request, if the upstream believed the length.
    let smuggled = "0\r\n\r\nGET /admin HTTP/1.1\r\nhost: a\r\n\r\n";
    for headers in [
        ["content-length: 5", "transfer-encoding: chunked"],
        ["transfer-encoding: chunked", "content-length: 5"],
    ] {
        let mut client = gateway.ask("POST /v1", &headers, smuggled).await;
        let mut upstream = gateway.accept().await;
        let request = upstream.head().await;
        let framing = ["transfer-encoding: chunked"];
        request.assert("POST /v1 HTTP/1.1", &[&TOLD, &framing, &[&host(&gateway)]]);
        assert_eq!(upstream.line().await, "0", "{headers:?}");
        assert_eq!(upstream.line().await, "");
        upstream.say(&last(EMPTY)).await;
        assert_eq!(client.head().await.start, "HTTP/1.1 200 OK");
        // The connection ends with it: RFC 9112, section 6.1.
        assert_eq!(client.rest().await, "", "{headers:?}");
    }
    for headers in [
        &["content-length: 5", "content-length: 6"][..],
        &["content-length: 5, 6"],
        &["content-length: +5"],
        &["transfer-encoding: gzip"],
        &["transfer-encoding: chunked, identity"],
    ] {
        let answer = gateway.answer("POST /v1", headers).await;
        assert_eq!(answer.start, "HTTP/1.1 400 Bad Request", "{headers:?}");
    }
}

#[tokio::test]
async fn an_answer_has_one_length_for_both_sides() {
    let gateway = Gateway::start().await;
    for both in
        ["content-length: 5\r\ntransfer-encoding: chunked", "transfer-encoding: chunked\r\ncontent-length: 5"]
    {
        let mut client = gateway.ask("GET /v1", &[], "").await;
        let mut upstream = gateway.accept().await;
        upstream.head().await;
        upstream.say(&format!("HTTP/1.1 200 OK\r\n{both}\r\n\r\n")).await;
        upstream.say_chunk("longer than five").await;
        client.head().await.assert("HTTP/1.1 200 OK", &[&["transfer-encoding: chunked", "vary: Origin"]]);
        assert_eq!(client.chunk().await, "longer than five", "{both}");
    }
}

#[tokio::test]
async fn a_redirect_to_the_upstream_leads_to_the_gateway() {
    let gateway = Gateway::start().await;
    let own = gateway.upstream.local_addr().expect("it has an address");
    for (location, expected) in [
        (format!("http://{own}/v1/b?c"), "/v1/b?c".to_owned()),
        (format!("http://{own}"), "/".to_owned()),
        // Not to another host that only begins in the same way.
        (format!("http://{own}0/"), format!("http://{own}0/")),
        (format!("http://{own}.example/"), format!("http://{own}.example/")),
        (format!("http://{own}//other.example/"), format!("http://{own}//other.example/")),
        ("https://other.example/".to_owned(), "https://other.example/".to_owned()),
        ("b".to_owned(), "b".to_owned()),
    ] {
        let answer =
            format!("HTTP/1.1 307 Temporary Redirect\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n");
        let (_, got) = gateway.exchange("GET /v1/a", &[], &answer).await;
        let expected = format!("location: {expected}");
        got.assert("HTTP/1.1 307 Temporary Redirect", &[&["content-length: 0", "vary: Origin", &expected]]);
    }
}

#[tokio::test]
async fn an_answer_to_head_keeps_its_length_and_older_versions_get_answers() {
    let gateway = Gateway::start().await;
    let answer = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n";
    let (_, got) = gateway.exchange("HEAD /v1", &[], answer).await;
    got.assert("HTTP/1.1 200 OK", &[&["content-length: 5", "vary: Origin"]]);

    // An upstream whose answer ends with its connection, and a client that knows no chunks.
    let mut client = gateway.ask("GET /v1 HTTP/1.0", &[], "").await;
    let mut upstream = gateway.accept().await;
    assert_eq!(upstream.head().await.start, "GET /v1 HTTP/1.1");
    upstream.say("HTTP/1.0 200 OK\r\n\r\nhello").await;
    drop(upstream);
    client.head().await.assert("HTTP/1.0 200 OK", &[&["vary: Origin"]]);
    assert_eq!(client.rest().await, "hello");
}
