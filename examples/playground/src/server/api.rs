//! The API: a few routes, and the layer around them with the policy of the moment.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio_stream::{Stream, StreamExt};
use tower::{Layer, ServiceExt};
use tower_cors::{CorsLayer, RequestHead};

use super::live::LivePolicy;
use super::log::{self, Exchange, Log};

/// The cookie that identifies the visitor. The page's server sets it, as a login would.
pub(super) const SESSION: &str = "playground-session=ada";

const ANSWER: &str = "The browser asked first whether this page may send JSON and a key. The API said yes, so these \
                      words arrive one by one, as a model would write them.";

#[derive(Clone)]
struct Cors {
    policy: Arc<LivePolicy>,
    log: Arc<Log>,
}

pub(super) fn app(policy: &Arc<LivePolicy>, log: &Arc<Log>) -> Router {
    let cors = Cors { policy: Arc::clone(policy), log: Arc::clone(log) };
    // Last, so outermost: the router's 404 has the CORS headers too.
    routes().layer(middleware::from_fn_with_state(cors, live_cors))
}

/// The service behind the layer. It does not handle CORS.
pub(super) fn routes() -> Router {
    Router::new()
        .route("/", get(about))
        .route("/notes", get(list))
        .route("/notes/{id}", put(replace).delete(remove))
        .route("/me", get(me))
        .route("/chat", post(chat))
}

/// The layer, built for each request with the current policy, because the log keeps the policy that decided. A program
/// without such a log uses `.layer(CorsLayer::from(policy))`, or `CorsLayer::reloadable(policy)` to replace it.
async fn live_cors(State(cors): State<Cors>, request: Request, next: Next) -> Response {
    let policy = cors.policy.load();
    let run = log::run(request.uri());
    let exchange = Exchange::asked(RequestHead::from(&request), &policy);

    let Ok(response) = CorsLayer::from(&policy).layer(next).oneshot(request).await;

    if let Some(run) = run {
        cors.log.record(run, policy, exchange.answered(response.status(), response.headers()));
    }
    response
}

/// What a browser shows if you open the address itself.
async fn about() -> &'static str {
    "An API of the tower-cors playground:\n\nGET /notes\nPUT /notes/1\nDELETE /notes/1\nGET /me\nPOST /chat\n"
}

async fn list() -> impl IntoResponse {
    ([("x-request-id", "42"), ("x-served-by", "rack-7")], Json(["tea", "coffee"]))
}

async fn replace(Path(id): Path<u32>, Json(text): Json<String>) -> Json<Value> {
    Json(json!({ "id": id, "text": text }))
}

async fn remove(Path(_id): Path<u32>) -> StatusCode {
    StatusCode::NO_CONTENT
}

async fn me(headers: HeaderMap) -> Response {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    if cookies.flat_map(|line| line.split("; ")).any(|cookie| cookie == SESSION) {
        Json(json!({ "name": "Ada" })).into_response()
    } else {
        (StatusCode::UNAUTHORIZED, Json(json!({ "error": "who are you?" }))).into_response()
    }
}

/// Answers word by word, as the APIs of chat models do: server-sent events, and `[DONE]` at the end.
async fn chat(Json(_question): Json<Value>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let words = ANSWER.split_inclusive(' ').map(|word| json!({ "delta": word }).to_string());
    let events = words.chain(["[DONE]".to_owned()]).map(|data| Ok(Event::default().data(data)));
    Sse::new(tokio_stream::iter(events).throttle(Duration::from_millis(40)))
}
