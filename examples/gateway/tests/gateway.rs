//! The program, as it is started, over TCP.

mod gateway {
    mod page;
    pub(crate) mod program;
    mod websocket;
}

use std::convert::Infallible;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use futures_util::stream;
use gateway::program::{Program, SLACK, header, read, send};
use http_body_util::BodyExt;
use hyper::Request;

const APP: &str = "https://app.example.com";
const STRANGER: &str = "https://stranger.example";

fn get(url: &str, origin: &str) -> Request<Body> {
    Request::get(url).header("origin", origin).body(Body::empty()).expect("a request")
}

/// All lines of the headers for CORS, in order.
fn cors<B>(response: &hyper::Response<B>) -> Vec<String> {
    let is_cors = |name: &str| name.starts_with("access-control-") || name == "vary";
    let lines = response.headers().iter().filter(|(name, _)| is_cors(name.as_str()));
    let mut lines: Vec<_> =
        lines.map(|(name, value)| format!("{name}: {}", value.to_str().expect("text"))).collect();
    lines.sort();
    lines
}

#[tokio::test]
async fn wrong_headers_of_the_service_are_replaced_and_never_doubled() {
    let program = Program::start().await;
    let direct = send(get(&format!("{}/api/wrong", program.upstream), STRANGER)).await;
    assert_eq!(cors(&direct).len(), 5, "the service itself is wrong: {:?}", cors(&direct));

    let url = format!("{}/api/wrong", program.gateway);
    let response = send(get(&url, APP)).await;
    let expected = [
        "access-control-allow-credentials: true",
        "access-control-allow-origin: https://app.example.com",
        "access-control-expose-headers: x-request-id",
        "vary: Origin",
        "vary: accept-encoding",
    ];
    assert_eq!(cors(&response), expected);
    assert!(!response.headers().contains_key("x-hop"), "it was for the other connection");
    assert_eq!(response.headers().get_all("date").iter().count(), 1);
    assert_eq!(read(response).await, "doubled\n");

    assert_eq!(cors(&send(get(&url, STRANGER)).await), ["vary: Origin", "vary: accept-encoding"]);
}

#[tokio::test]
async fn each_route_has_its_own_policy() {
    let program = Program::start().await;
    for (path, origin, expected) in [
        ("/api/items", APP, APP),
        ("/api/items", STRANGER, ""),
        ("/public/items", STRANGER, "*"),
        // Of the gateway's own origin: nobody else has to read them.
        ("/", APP, ""),
        ("/app.js", APP, ""),
    ] {
        let response = send(get(&format!("{}{path}", program.gateway), origin)).await;
        assert_eq!(response.status(), 200, "{path}");
        assert_eq!(header(&response, "access-control-allow-origin"), expected, "{path} {origin}");
    }
    let page = read(send(get(&format!("{}/", program.gateway), APP)).await).await;
    assert!(page.contains("Page and API at one origin"));
}

#[tokio::test]
async fn preflights_are_answered_by_the_gateway() {
    let program = Program::start().await;
    let preflight = |method| {
        let request = Request::options(format!("{}/api/headers", program.gateway))
            .header("origin", APP)
            .header("access-control-request-method", method);
        send(request.body(Body::empty()).expect("a request"))
    };
    let response = preflight("PUT").await;
    assert_eq!(response.status(), 204);
    assert_eq!(header(&response, "access-control-allow-methods"), "PUT, DELETE");
    assert_eq!(read(response).await, "", "the service would have answered with the headers");
}

#[tokio::test]
async fn the_service_gets_no_header_of_the_other_connection_and_no_lie_about_the_client() {
    let program = Program::start().await;
    let request = Request::get(format!("{}/api/headers", program.gateway))
        .header("connection", "keep-alive, X-Mine")
        .header("x-mine", "1")
        .header("te", "trailers")
        .header("proxy-authorization", "Basic secret")
        .header("x-forwarded-for", "192.0.2.1")
        .header("forwarded", "for=192.0.2.1")
        .header("x-other", "2");
    let seen = read(send(request.body(Body::empty()).expect("a request")).await).await;
    let mut seen: Vec<_> = seen.lines().collect();
    seen.sort_unstable();
    let expected = [
        format!("host: {}", program.upstream.trim_start_matches("http://")),
        "x-forwarded-for: 127.0.0.1".to_owned(),
        format!("x-forwarded-host: {}", program.gateway.trim_start_matches("http://")),
        "x-forwarded-proto: http".to_owned(),
        "x-other: 2".to_owned(),
    ];
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn an_answer_is_streamed() {
    let program = Program::start().await;
    let start = Instant::now();
    let mut response = send(get(&format!("{}/api/stream", program.gateway), APP)).await;
    let first = response.frame().await.expect("a word").expect("it goes well");
    let after = start.elapsed();
    assert_eq!(first.into_data().expect("data"), "one ");
    assert_eq!(read(response).await, "two three\n");
    assert!(start.elapsed() > after + Duration::from_millis(400), "the others came later");
}

/// Each piece of the request is sent when the one before it has come back.
#[tokio::test]
async fn a_request_is_streamed_while_its_answer_is() {
    let program = Program::start().await;
    let (sender, receiver) = tokio::sync::mpsc::channel::<Bytes>(1);
    let pieces = stream::unfold(receiver, async |mut receiver| {
        let piece = receiver.recv().await?;
        Some((Ok::<_, Infallible>(piece), receiver))
    });
    let request = Request::post(format!("{}/api/echo", program.gateway)).body(Body::from_stream(pieces));
    sender.send("one".into()).await.expect("it is taken");
    let mut response = send(request.expect("a request")).await;
    for (piece, next) in [("one", Some("two")), ("two", Some("three")), ("three", None)] {
        let frame = tokio::time::timeout(SLACK, response.frame()).await.expect("in time").expect("a piece");
        assert_eq!(frame.expect("it goes well").into_data().expect("data"), piece);
        if let Some(next) = next {
            sender.send(next.into()).await.expect("it is taken");
        }
    }
    drop(sender);
    assert_eq!(read(response).await, "");
}

#[tokio::test]
async fn errors_of_the_gateway_can_be_read_by_the_page() {
    let mut program = Program::start().await;
    let url = format!("{}/api/hang", program.gateway);
    let response = send(get(&url, APP)).await;
    assert_eq!((response.status().as_u16(), header(&response, "access-control-allow-origin")), (504, APP));
    assert_eq!(read(response).await, "the service did not answer in time\n");

    // A service that is not there.
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let address = free.local_addr().expect("it has an address");
    drop(free);
    let config =
        format!("[[routes]]\npath = '/'\nupstream = 'http://{address}'\ncors.allow_origins = ['{APP}']");
    program = Program::start_with(&config).await;
    let response = send(get(&format!("{}/a", program.gateway), APP)).await;
    assert_eq!((response.status().as_u16(), header(&response, "access-control-allow-origin")), (502, APP));
    assert_eq!(read(response).await, "the service cannot be reached\n");
}

#[cfg(unix)]
#[tokio::test]
async fn an_answer_that_has_begun_is_finished_at_the_end() {
    let mut program = Program::start().await;
    let mut response = send(get(&format!("{}/api/stream", program.gateway), APP)).await;
    response.frame().await.expect("a word").expect("it goes well");
    program.terminate().await;
    assert_eq!(read(response).await, "two three\n");
    assert!(program.wait().await.success());
}
