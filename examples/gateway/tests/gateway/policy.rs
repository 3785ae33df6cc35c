//! Which pages may read what, whatever the upstream says of it.

use super::wire::{APP, GRANTED, Gateway, STRANGER, Wire};

const OK: &str = "HTTP/1.1 200 OK";
const LENGTH: &str = "content-length: 0";
const PREFLIGHT_VARY: &str = "vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
const PROBLEM: &str = "content-type: application/problem+json";

fn origin(origin: &str) -> String {
    format!("origin: {origin}")
}

#[tokio::test]
async fn what_the_upstream_grants_is_replaced_and_never_doubled() {
    let gateway = Gateway::start().await;
    for (what, own) in [
        ("nothing", ""),
        (
            "two origins",
            "access-control-allow-origin: *\r\naccess-control-allow-origin: https://other.example\r\n",
        ),
        (
            "any, with credentials",
            "access-control-allow-origin: *\r\naccess-control-allow-credentials: true\r\naccess-control-expose-headers: *\r\n",
        ),
        ("any origin that asks", "access-control-allow-origin: https://stranger.example\r\nvary: Origin\r\n"),
    ] {
        let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n{own}\r\n");
        for (path, page, granted) in [
            ("GET /v1/items", APP, &GRANTED[..]),
            ("GET /v1/items", STRANGER, &["vary: Origin"]),
            // A route without a policy.
            ("GET /private/items", APP, &["vary: Origin"]),
        ] {
            let (_, got) = gateway.exchange(path, &[&origin(page)], &answer).await;
            println!("{what}, {path}, {page}");
            got.assert(OK, &[&[LENGTH], granted]);
        }
        let (_, got) = gateway.exchange("GET /v1/public/items", &[&origin(STRANGER)], &answer).await;
        println!("{what}, of a public part");
        got.assert(OK, &[&[LENGTH, "access-control-allow-origin: *", "vary: Origin"]]);
    }
}

#[tokio::test]
async fn a_preflight_is_answered_without_the_upstream_by_the_policy_of_its_path() {
    let gateway = Gateway::start().await;
    let put = "access-control-request-method: PUT";
    let allowed = gateway.answer("OPTIONS /v1/items", &[&origin(APP), put]).await;
    let lists = ["access-control-allow-methods: PUT", PREFLIGHT_VARY];
    allowed.assert("HTTP/1.1 204 No Content", &[&GRANTED[..2], &lists]);
    for (path, page) in [("/v1/items", STRANGER), ("/private", APP), ("/site/", APP), ("/nowhere", APP)] {
        let refused = gateway.answer(&format!("OPTIONS {path}"), &[&origin(page), put]).await;
        println!("{path}, {page}");
        refused.assert("HTTP/1.1 403 Forbidden", &[&[PREFLIGHT_VARY, LENGTH]]);
    }
}

#[tokio::test]
async fn an_options_request_that_is_no_preflight_reaches_the_upstream() {
    let gateway = Gateway::start().await;
    let answer = "HTTP/1.1 204 No Content\r\nallow: GET\r\n\r\n";
    let (request, got) = gateway.exchange("OPTIONS /v1/items", &[&origin(APP)], answer).await;
    assert_eq!(request.start, "OPTIONS /v1/items HTTP/1.1");
    got.assert("HTTP/1.1 204 No Content", &[&GRANTED[..2], &[PREFLIGHT_VARY, "allow: GET"]]);
}

/// A problem document: its head and its body, as a whole.
async fn assert_problem(mut client: Wire, status: &str, granted: &[&str], detail: &str) {
    let (code, title) = status.split_once(' ').expect("a code and a title");
    let body = format!(r#"{{"type":"about:blank","title":"{title}","status":{code},"detail":"{detail}"}}"#);
    let own = [PROBLEM, &format!("content-length: {}", body.len())];
    client.head().await.assert(&format!("HTTP/1.1 {status}"), &[granted, &own]);
    assert_eq!(client.text(body.len()).await, body);
}

#[tokio::test]
async fn its_own_errors_can_be_read_by_the_pages_that_are_allowed() {
    let gateway = Gateway::start().await;
    let climbs = "The path has `.` or `..` segments. Send it without them.";
    let unreachable = "The service cannot be reached. Try again later.";
    for (page, granted) in [(APP, &GRANTED[..]), (STRANGER, &["vary: Origin"])] {
        let client = gateway.ask("GET /v1/../private", &[&origin(page)], "").await;
        assert_problem(client, "400 Bad Request", granted, climbs).await;
        let client = gateway.ask("GET /nowhere", &[&origin(page)], "").await;
        assert_problem(client, "404 Not Found", &["vary: Origin"], "No route covers this path.").await;
    }
    // Where the upstream is, is nobody's business.
    let gateway = gateway.without_upstream().await;
    for (page, granted) in [(APP, &GRANTED[..]), (STRANGER, &["vary: Origin"])] {
        let client = gateway.ask("GET /v1/items", &[&origin(page)], "").await;
        assert_problem(client, "502 Bad Gateway", granted, unreachable).await;
    }
}

#[tokio::test]
async fn files_are_served_without_a_header_of_cors() {
    let gateway = Gateway::start().await;
    let mut client = gateway.ask("GET /site/index.html", &[&origin(APP)], "").await;
    let mut head = client.head().await;
    // Of the file, which was written just now.
    head.headers.retain(|line| !line.starts_with("last-modified: ") && !line.starts_with("etag: "));
    let file = ["accept-ranges: bytes", "content-length: 7", "content-type: text/html"];
    head.assert(OK, &[&file, &["vary: Origin"]]);
    assert_eq!(client.text(7).await, "a page\n");

    // Beside the folder is the file with the routes.
    for path in ["/site/../gateway.toml", "/site/%2e%2e/gateway.toml", "/site/..%2fgateway.toml"] {
        let head = gateway.answer(&format!("GET {path}"), &[]).await;
        assert_eq!(head.start, "HTTP/1.1 400 Bad Request", "{path}");
    }
    for (request, status) in
        [("GET /site/nothing", "404 Not Found"), ("POST /site/index.html", "405 Method Not Allowed")]
    {
        assert_eq!(gateway.answer(request, &[]).await.start, format!("HTTP/1.1 {status}"), "{request}");
    }
}

#[tokio::test]
async fn a_page_that_is_not_allowed_is_rejected_before_the_upstream_where_the_policy_says_so() {
    let gateway = Gateway::start().await;
    let refused = gateway.answer("POST /guarded", &[&origin(STRANGER), LENGTH]).await;
    assert_eq!(refused.start, "HTTP/1.1 403 Forbidden");
    // Without it, the service runs and the browser keeps the answer.
    let answer = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
    let (_, got) = gateway.exchange("POST /v1", &[&origin(STRANGER), LENGTH], answer).await;
    got.assert(OK, &[&[LENGTH, "vary: Origin"]]);
    // The gateway's own pages are spared.
    let (_, got) =
        gateway.exchange("POST /guarded", &["origin: http://gateway.example", LENGTH], answer).await;
    assert_eq!(got.start, OK);
}

#[tokio::test]
async fn each_denial_is_printed() {
    let mut gateway = Gateway::start().await;
    gateway.answer("OPTIONS /private", &[&origin(STRANGER), "access-control-request-method: PUT"]).await;
    let line = gateway.program.printed.next_line().await.expect("text").expect("a line");
    let expected = "denied: OPTIONS \"/private\" from Some(\"https://stranger.example\"): ";
    assert!(line.starts_with(expected) && line.len() > expected.len(), "{line}");
}
