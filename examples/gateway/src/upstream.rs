//! A service that knows nothing of CORS, or too much: what stands behind the gateway by default.

use std::convert::Infallible;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ws::{WebSocket, WebSocketUpgrade};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::{AppendHeaders, IntoResponse};
use axum::routing::{any, get};
use futures_util::stream;
use tokio::time::sleep;

/// Between the words of a stream.
const PAUSE: Duration = Duration::from_millis(300);

pub(crate) fn app() -> Router {
    Router::new()
        .route("/api/items", get(items).put(items))
        .route("/api/wrong", get(wrong))
        .route("/api/headers", any(headers))
        .route("/api/echo", any(async |body: Body| body))
        .route("/api/stream", get(words))
        .route("/api/hang", get(async || std::future::pending::<()>().await))
        .route("/public/items", get(items))
        .route("/live", get(async |handshake: WebSocketUpgrade| handshake.on_upgrade(echo)))
}

async fn items() -> impl IntoResponse {
    ([("content-type", "application/json"), ("x-request-id", "1")], r#"["tea","coffee"]"#)
}

/// What is seen where a framework and a proxy both have their say. No browser accepts it.
async fn wrong() -> impl IntoResponse {
    let headers = [
        ("access-control-allow-origin", "*"),
        ("access-control-allow-origin", "https://stranger.example"),
        ("access-control-allow-credentials", "true"),
        ("access-control-expose-headers", "*"),
        ("vary", "accept-encoding"),
        ("connection", "x-hop"),
        ("x-hop", "of this connection alone"),
    ];
    (AppendHeaders(headers), "doubled\n")
}

/// The headers of the request, a line for each.
async fn headers(headers: HeaderMap) -> String {
    let line = |(name, value): (&HeaderName, &HeaderValue)| {
        let value = String::from_utf8_lossy(value.as_bytes());
        format!("{name}: {value}\n")
    };
    headers.iter().map(line).collect::<Vec<_>>().concat()
}

async fn words() -> impl IntoResponse {
    let words = ["one ", "two ", "three\n"];
    Body::from_stream(stream::unfold(words.into_iter(), async |mut words| {
        let word = words.next()?;
        sleep(PAUSE).await;
        Some((Ok::<_, Infallible>(word), words))
    }))
}

async fn echo(mut socket: WebSocket) {
    while let Some(Ok(message)) = socket.recv().await {
        if socket.send(message).await.is_err() {
            return;
        }
    }
}
