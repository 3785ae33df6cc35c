//! Over sockets: HTTP/1.1, HTTP/2 and WebSocket handshakes, with the hosts that real clients send.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::extract::WebSocketUpgrade;
use axum::routing::any;
use http::{Request, Response, Version};
use http_body_util::Empty;
use hyper::body::Incoming;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tower::{Layer, service_fn};
use tower_cors::{CorsLayer, CorsPolicyBuilder};

use crate::net::Server;
use crate::support::{APP, VARY, allow_app, assert_headers, assert_rows, header_set, headers_of};

/// Any port, since the server's is not known before it is bound.
fn own() -> CorsPolicyBuilder {
    allow_app().reject_disallowed_origins(true).served_at([
        "http://127.0.0.1:*",
        "http://[::1]:*",
        "http://localhost:3000",
        "https://api.example.com",
    ])
}

/// A service behind the layer on a socket, and the number of its runs.
async fn server() -> (Server, Arc<AtomicUsize>) {
    let runs = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&runs);
    let service = service_fn(move |_: Request<Incoming>| {
        counter.fetch_add(1, Ordering::SeqCst);
        std::future::ready(Ok::<_, Infallible>(Response::new("secret".to_owned())))
    });
    (Server::hyper(CorsLayer::from(own().build().expect("a policy")).layer(service)).await, runs)
}

#[tokio::test]
async fn over_http_1_the_host_line_or_the_absolute_target_counts() {
    let (server, runs) = server().await;
    let cases = [
        ("GET / HTTP/1.1\nhost: localhost:3000", 200),
        ("GET / HTTP/1.1\nHOST: LOCALHOST:3000", 200),
        ("GET / HTTP/1.1\nhost: [::1]:8080", 200),
        ("GET / HTTP/1.1\nhost: [::1]", 200),
        ("GET / HTTP/1.1\nhost: api.example.com:443", 200),
        ("POST / HTTP/1.1\nhost: localhost:3000\norigin: http://localhost:3000", 200),
        ("GET / HTTP/1.1\nhost: evil.example", 421),
        ("GET / HTTP/1.1\nhost: localhost.:3000", 421),
        ("GET / HTTP/1.1\nhost: localhost:3001", 421),
        ("GET / HTTP/1.1\nhost: [::2]:8080", 421),
        ("GET / HTTP/1.1\nhost:", 421),
        ("GET / HTTP/1.1", 421),
        ("GET / HTTP/1.0", 421),
        ("GET / HTTP/1.1\nhost: localhost:3000\nhost: evil.example", 421),
        ("GET / HTTP/1.1\nhost: evil.example\nhost: localhost:3000", 421),
        (
            "POST / HTTP/1.1\nhost: evil.example\norigin: http://evil.example\nsec-fetch-site: same-origin",
            421,
        ),
        (
            "OPTIONS / HTTP/1.1\nhost: evil.example\norigin: https://app.example.com\naccess-control-request-method: PUT",
            421,
        ),
        ("GET http://localhost:3000/ HTTP/1.1\nhost: evil.example", 200),
        ("GET http://evil.example/ HTTP/1.1\nhost: localhost:3000", 421),
    ];
    let mut rows = Vec::new();
    for (head, status) in cases {
        let before = runs.load(Ordering::SeqCst);
        let response = server
            .send_bytes(&format!("{head}\nconnection: close\ncontent-length: 0\n\n").replace('\n', "\r\n"))
            .await;
        let seen =
            (response.status().as_u16(), runs.load(Ordering::SeqCst) - before, response.body().to_vec());
        let expected = if status == 200 { (status, 1, b"secret".to_vec()) } else { (status, 0, Vec::new()) };
        rows.push((head, seen, expected));
    }
    assert_rows(rows);
}

#[tokio::test]
async fn over_http_2_the_authority_counts() {
    let (server, runs) = server().await;
    let cases = [
        ("http://localhost:3000/", None, 200),
        ("https://api.example.com/", None, 200),
        ("http://API.example.com/", None, 200),
        ("http://[::1]:9/", None, 200),
        ("http://localhost:3000/", Some("evil.example"), 200),
        ("http://evil.example/", None, 421),
        ("http://evil.example/", Some("localhost:3000"), 421),
        ("http://localhost.:3000/", None, 421),
        ("https://localhost/", None, 421),
    ];
    let mut rows = Vec::new();
    for (target, host, status) in cases {
        let mut request = Request::get(target).version(Version::HTTP_2);
        if let Some(host) = host {
            request = request.header("host", host);
        }
        let before = runs.load(Ordering::SeqCst);
        let mut client = server.connect_h2().await;
        let response = client.send_request(request.body(Empty::<&[u8]>::new()).expect("a request"));
        let response = response.await.expect("a response");
        let seen = (response.status().as_u16(), runs.load(Ordering::SeqCst) - before, headers_of(&response));
        rows.push((
            format!("{target} {host:?}"),
            seen,
            (status, usize::from(status == 200), header_set(&[VARY])),
        ));
    }
    assert_rows(rows);
}

#[tokio::test]
async fn a_web_socket_is_opened_under_an_own_name_and_under_no_other() {
    let runs = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&runs);
    let handler = move |upgrade: WebSocketUpgrade| {
        counter.fetch_add(1, Ordering::SeqCst);
        async { upgrade.on_upgrade(|_| async {}) }
    };
    let layer = CorsLayer::from(own().build().expect("a policy"));
    let server = Server::axum(Router::new().route("/socket", any(handler)).layer(layer)).await;
    let rebound = format!("evil.example:{}", server.address.port());
    let cases = [
        // The client's own `Host`: the address that it connected to.
        (None, None, 101),
        (None, Some(APP), 101),
        (Some("localhost:3000"), Some("http://localhost:3000"), 101),
        (Some(rebound.as_str()), None, 421),
        (Some(rebound.as_str()), Some("http://evil.example"), 421),
        (Some(rebound.as_str()), Some(APP), 421),
        (None, Some("http://localhost:3001"), 403),
    ];
    let mut rows = Vec::new();
    for (host, origin, status) in cases {
        let mut request =
            format!("ws://{}/socket", server.address).into_client_request().expect("a handshake");
        for (name, value) in [("host", host), ("origin", origin)] {
            if let Some(value) = value {
                request.headers_mut().insert(name, value.parse().expect("a value"));
            }
        }
        let before = runs.load(Ordering::SeqCst);
        let seen = match connect_async(request).await {
            Ok((_, response)) => response.status().as_u16(),
            Err(Error::Http(response)) => {
                assert_headers(&response, &[VARY]);
                response.status().as_u16()
            }
            Err(error) => panic!("{error}"),
        };
        let ran = runs.load(Ordering::SeqCst) - before;
        rows.push((format!("{host:?} {origin:?}"), (seen, ran), (status, usize::from(status == 101))));
    }
    assert_rows(rows);
}
