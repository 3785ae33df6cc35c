//! A service like one in a model's container: without CORS, or with wrong headers.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::ws::{Message, WebSocketUpgrade};
use axum::extract::{Path, Request};
use axum::http::{HeaderMap, HeaderName, header};
use axum::response::sse::{Event, Sse};
use axum::response::{AppendHeaders, IntoResponse, Response};
use axum::routing::{any, get, post};
use axum::{Json, Router};
use serde_json::{Map, Value, json};
use tokio_stream::{Stream, StreamExt};

pub(crate) fn app() -> Router {
    Router::new()
        .route("/v1/models", get(async || Json(json!({ "data": [{ "id": "parrot" }] }))))
        .route("/v1/chat", post(chat))
        .route("/v1/doubled", get(async || (doubled(), "tea, coffee\n")))
        .route("/v1/anyone", get(async || (any_with_credentials(), "tea, coffee\n")))
        .route("/v1/echo", any(echo))
        .route("/v1/live", get(live))
        .route("/v1/slow/{seconds}", get(slow))
        .route("/v1/upload", post(async |request: Request| Body::new(request.into_body())))
}

/// An answer, word by word.
async fn chat(Json(question): Json<Value>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let prompt = question["prompt"].as_str().unwrap_or("nothing").to_owned();
    let words: Vec<_> =
        format!("You said: {prompt}. That is all I know").split(' ').map(str::to_owned).collect();
    let words = tokio_stream::iter(words).throttle(Duration::from_millis(150));
    Sse::new(words.map(|word| Ok(Event::default().data(word))))
}

/// As if an application and its framework both set it.
fn doubled() -> AppendHeaders<[(HeaderName, &'static str); 3]> {
    AppendHeaders([
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "https://app.example.com"),
        (HeaderName::from_static("x-request-id"), "1"),
    ])
}

/// Every browser refuses this.
fn any_with_credentials() -> [(HeaderName, &'static str); 2] {
    [(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"), (header::ACCESS_CONTROL_ALLOW_CREDENTIALS, "true")]
}

/// The request as it arrived.
async fn echo(headers: HeaderMap, body: Bytes) -> Json<Value> {
    let mut names = Map::new();
    for name in headers.keys() {
        let lines = headers.get_all(name).iter().map(|line| String::from_utf8_lossy(line.as_bytes()).into());
        names.insert(name.to_string(), Value::Array(lines.collect()));
    }
    Json(json!({ "headers": names, "body": String::from_utf8_lossy(&body) }))
}

/// Echoes messages.
async fn live(upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(async |mut socket| {
        while let Some(Ok(message)) = socket.recv().await {
            if let Message::Text(_) | Message::Binary(_) = message {
                if socket.send(message).await.is_err() {
                    return;
                }
            }
        }
    })
}

async fn slow(Path(seconds): Path<u8>) -> impl IntoResponse {
    tokio::time::sleep(Duration::from_secs(seconds.into())).await;
    "at last\n"
}
