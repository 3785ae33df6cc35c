//! `/v1/chat/completions`: an answer from memory, or from the first model that gives one.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body as Answer;
use axum::extract::{Extension, State};
use axum::http::header;
use axum::response::{AppendHeaders, IntoResponse, Response};
use bytes::{BufMut, Bytes, BytesMut};
use serde_json::{Map, Value};
use tokio::time::timeout;

use super::auth::User;
use super::ledger::{Entry, Purpose, Usage};
use super::models::Model;
use super::provider::{self, Failure};
use super::relay::{Bill, Recording, Relay, Started};
use super::request::ChatRequest;
use super::request_id::RequestId;
use super::{ApiError, Body, Gateway};

/// How long an answer that is not a stream may take.
const WHOLE_ANSWER: Duration = Duration::from_secs(120);

/// One request of one user.
struct Question {
    user: User,
    id: RequestId,
    request: ChatRequest,
}

pub(super) async fn complete(
    State(gateway): State<Arc<Gateway>>,
    Extension(user): Extension<User>,
    Extension(id): Extension<RequestId>,
    body: Body<Map<String, Value>>,
) -> Result<Response, ApiError> {
    let request = ChatRequest::parse(body?.0)?;
    let question = Question { user, id, request };
    if let Some(answer) = gateway.remembered(&question).await {
        return Ok(answer);
    }
    let Question { user, id, request } = &question;
    let mut last = Failure::TooSlow;
    for model in gateway.chain(request, user, id).await? {
        let answer = if request.is_stream {
            gateway.stream(model, &question).await
        } else {
            gateway.whole(model, &question).await
        };
        match answer {
            Ok(answer) => return Ok(answer),
            Err(failure) => {
                eprintln!("{}: {} does not answer: {failure}", id.0, model.name);
                if !failure.is_of_model() {
                    return Err(failure.into());
                }
                last = failure;
            }
        }
    }
    Err(last.into())
}

impl Gateway {
    async fn remembered(&self, question: &Question) -> Option<Response> {
        let key = question.request.key(&question.user)?;
        let mut text = self.store.answer(key).await?;
        // As `recorded` writes it.
        let end = text.iter().position(|byte| *byte == b'\n')?;
        let model = String::from_utf8(text.split_to(end).to_vec()).ok()?;
        let text = text.slice(1..);
        self.ledger.add(&question.user, Entry::cached(question.id.0.clone(), &model));
        Some(answer(question, &model, "hit", text))
    }

    /// Waits only for the first token, and passes on the rest as it arrives.
    async fn stream(self: &Arc<Self>, model: &Model, question: &Question) -> Result<Response, Failure> {
        let Question { user, id, request } = question;
        let start = async {
            let head = self.provider.send(request.for_model(&model.name)).await?;
            Started::read(head.into_body()).await
        };
        let started =
            timeout(self.provider.first_token_timeout, start).await.unwrap_or(Err(Failure::TooSlow))?;
        let bill = Bill {
            ledger: Arc::clone(&self.ledger),
            user: user.clone(),
            request: id.0.clone(),
            model: model.clone(),
            estimate: Usage { prompt_tokens: request.estimate(), completion_tokens: 0 },
            told: None,
        };
        let relay = Relay {
            gateway: Arc::clone(self),
            started,
            bill: Some(bill),
            wants_usage: request.wants_usage,
            recording: request.key(user).map(|key| Recording { key, text: recorded(model) }),
        };
        Ok(answer(question, &model.name, "miss", Answer::from_stream(relay.into_stream())))
    }

    async fn whole(&self, model: &Model, question: &Question) -> Result<Response, Failure> {
        let Question { user, id, request } = question;
        let all = async {
            let head = self.provider.send(request.for_model(&model.name)).await?;
            provider::read(head.into_body()).await
        };
        let value = timeout(WHOLE_ANSWER, all).await.unwrap_or(Err(Failure::TooSlow))?;
        let usage: Usage = serde_json::from_value(value["usage"].clone()).unwrap_or_default();
        self.ledger.add(user, Entry::new(id.0.clone(), model, Purpose::Answer, usage));
        let text = Bytes::from(value.to_string());
        if let Some(key) = request.key(user) {
            let mut remembered = recorded(model);
            remembered.put(text.clone());
            self.store.keep(key, remembered.freeze()).await;
        }
        Ok(answer(question, &model.name, "miss", text))
    }
}

/// A stored answer starts with a line that names its model.
fn recorded(model: &Model) -> BytesMut {
    let mut text = BytesMut::from(model.name.as_bytes());
    text.put_u8(b'\n');
    text
}

fn answer(question: &Question, model: &str, cache: &str, body: impl Into<Answer>) -> Response {
    let media_type = if question.request.is_stream { "text/event-stream" } else { "application/json" };
    let headers = AppendHeaders([
        (header::CONTENT_TYPE.as_str(), media_type),
        // An answer is private to its user: a proxy must not cache it, or buffer it as nginx does.
        (header::CACHE_CONTROL.as_str(), "no-store"),
        ("x-accel-buffering", "no"),
        ("x-model", model),
        ("x-cache", cache),
    ]);
    (headers, body.into()).into_response()
}
