//! WebSocket handshakes through axum, with a real client. CORS does not apply to them, so only `reject_disallowed_origins` keeps
//! a page of another site from acting as its visitor.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::extract::WebSocketUpgrade;
use axum::extract::ws::WebSocket;
use axum::routing::any;
use futures_util::{SinkExt, StreamExt};
use http::HeaderValue;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use tower_cors::{CorsLayer, CorsPolicyBuilder};

use crate::net::Server;
use crate::support::{APP, STRANGER, allow_app};

type Client = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A server that echoes every message, and how often its handler ran.
async fn echo(policy: CorsPolicyBuilder) -> (Server, Arc<AtomicUsize>) {
    let runs = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&runs);
    let handler = move |upgrade: WebSocketUpgrade| {
        counter.fetch_add(1, Ordering::SeqCst);
        async { upgrade.on_upgrade(say_back) }
    };
    let layer = CorsLayer::from(policy.build().expect("a policy"));
    (Server::axum(Router::new().route("/socket", any(handler)).layer(layer)).await, runs)
}

async fn say_back(mut socket: WebSocket) {
    while let Some(Ok(message)) = socket.recv().await {
        if socket.send(message).await.is_err() {
            return;
        }
    }
}

/// Opens a socket like a page, with these headers besides those of the handshake.
async fn open(server: &Server, headers: &[(&'static str, &str)]) -> Result<Client, u16> {
    let mut request = format!("ws://{}/socket", server.address).into_client_request().expect("a handshake");
    for (name, value) in headers {
        request.headers_mut().append(*name, HeaderValue::from_str(value).expect("a value"));
    }
    match connect_async(request).await {
        Ok((client, _)) => Ok(client),
        Err(Error::Http(response)) => {
            assert!(!response.headers().contains_key("access-control-allow-origin"));
            assert_eq!(response.headers()["vary"], "Origin, Sec-Fetch-Site");
            Err(response.status().as_u16())
        }
        Err(error) => panic!("{error}"),
    }
}

async fn assert_speaks(client: Result<Client, u16>, case: &str) {
    let mut client = client.unwrap_or_else(|status| panic!("{case}: {status}"));
    client.send(Message::text("hello")).await.expect("it is sent");
    let answer = client.next().await.expect("an answer").expect("a message");
    assert_eq!(answer, Message::text("hello"), "{case}");
}

fn rejecting() -> CorsPolicyBuilder {
    allow_app().allow_credentials(true).reject_disallowed_origins(true)
}

#[tokio::test]
async fn sockets_of_disallowed_origins_are_rejected_before_the_handler() {
    let (server, runs) = echo(rejecting()).await;
    let cases: [&[(&str, &str)]; 5] = [
        &[("origin", STRANGER)],
        &[("origin", "null")],
        &[("origin", "http://127.0.0.1")],
        &[("origin", APP), ("origin", APP)],
        &[("origin", STRANGER), ("sec-fetch-site", "cross-site")],
    ];
    for headers in cases {
        assert_eq!(open(&server, headers).await.err(), Some(403), "{headers:?}");
    }
    assert_eq!(runs.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn sockets_of_allowed_pages_of_the_own_origin_and_of_programs_are_opened() {
    let (server, runs) = echo(rejecting()).await;
    let own = format!("http://{}", server.address);
    let cases: [&[(&str, &str)]; 4] = [
        &[("origin", APP)],
        // Not listed: the page comes from the server itself.
        &[("origin", &own)],
        &[("origin", STRANGER), ("sec-fetch-site", "same-origin")],
        // Not a browser.
        &[],
    ];
    for headers in cases {
        assert_speaks(open(&server, headers).await, &format!("{headers:?}")).await;
    }
    assert_eq!(runs.load(Ordering::SeqCst), 4);
}

/// The reason for the switch.
#[tokio::test]
async fn without_the_switch_the_page_of_a_stranger_opens_a_socket() {
    let (server, _) = echo(allow_app()).await;
    assert_speaks(open(&server, &[("origin", STRANGER)]).await, "a stranger").await;
}

#[tokio::test]
async fn the_policy_of_a_request_rejects_a_socket() {
    let policy = rejecting().build().expect("a policy");
    for layer in [
        CorsLayer::first_match([policy.clone()]),
        CorsLayer::reloadable(policy.clone()).0,
        CorsLayer::per_request(move |_| Some(policy.clone())),
    ] {
        let app = Router::new()
            .route("/socket", any(|upgrade: WebSocketUpgrade| async { upgrade.on_upgrade(say_back) }));
        let server = Server::axum(app.layer(layer)).await;
        assert_eq!(open(&server, &[("origin", STRANGER)]).await.err(), Some(403));
        assert_speaks(open(&server, &[("origin", APP)]).await, "allowed").await;
    }
}
