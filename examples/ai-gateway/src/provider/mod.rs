//! A simulated model provider on this machine: OpenAI's wire format, answers without a model, and failures on demand.

mod answer;
mod directive;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use directive::Directive;

/// The calls so far: `GET /calls`.
#[derive(Clone, Default, Serialize)]
struct Calls {
    total: u64,
    by_model: BTreeMap<String, u64>,
    /// Streams that were sent to their end.
    finished: u64,
    /// Streams that the gateway closed before their end.
    stopped: u64,
}

#[derive(Default)]
struct Stand {
    calls: Mutex<Calls>,
}

impl Stand {
    fn count(&self, change: impl FnOnce(&mut Calls)) {
        change(&mut self.calls.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// The key that it accepts. Not a secret: it protects nothing.
pub(crate) const KEY: &str = "sk-stand-in";

pub(crate) fn app() -> Router {
    Router::new()
        .route("/v1/chat/completions", post(complete))
        .route("/calls", get(calls))
        .with_state(Arc::<Stand>::default())
}

async fn calls(State(stand): State<Arc<Stand>>) -> Json<Calls> {
    Json(stand.calls.lock().unwrap_or_else(PoisonError::into_inner).clone())
}

#[derive(Deserialize)]
struct Request {
    model: String,
    messages: Vec<Message>,
    #[serde(default)]
    stream: bool,
    #[serde(default)]
    stream_options: Options,
}

#[derive(Deserialize)]
struct Message {
    role: String,
    content: Value,
}

#[derive(Default, Deserialize)]
struct Options {
    #[serde(default)]
    include_usage: bool,
}

impl Request {
    fn last(&self, role: &str) -> &str {
        let last = self.messages.iter().rev().find(|message| message.role == role);
        last.and_then(|message| message.content.as_str()).unwrap_or_default()
    }
}

async fn complete(
    State(stand): State<Arc<Stand>>,
    headers: HeaderMap,
    Json(request): Json<Request>,
) -> Response {
    stand.count(|calls| {
        calls.total += 1;
        *calls.by_model.entry(request.model.clone()).or_default() += 1;
    });
    let expected = format!("Bearer {KEY}");
    if headers.get(header::AUTHORIZATION).is_none_or(|given| given != &expected) {
        return error(StatusCode::UNAUTHORIZED, "Incorrect API key provided");
    }
    let directives = directive::all(request.last("user"), &request.model);
    for directive in &directives {
        match directive {
            Directive::Fail(status) => {
                // Some providers repeat the key like this.
                return error(*status, &format!("you asked for this error, with the key {KEY}"));
            }
            Directive::Hang => std::future::pending::<()>().await,
            Directive::Words(_) | Directive::Pause(_) | Directive::Break => {}
        }
    }
    let answer = answer::to(&request, &directives);
    if request.stream {
        answer::stream(stand, &request, &answer, &directives)
    } else {
        answer::whole(&request, &answer)
    }
}

fn error(status: StatusCode, message: &str) -> Response {
    let body = json!({ "error": { "message": message, "type": "error", "param": null, "code": null } });
    let mut response = (status, Json(body)).into_response();
    if status == StatusCode::TOO_MANY_REQUESTS {
        response.headers_mut().insert(header::RETRY_AFTER, Duration::from_secs(7).as_secs().into());
    }
    response
}
