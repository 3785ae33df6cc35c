//! The answers of the simulated provider, whole or word by word.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Json;
use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde_json::{Value, json};
use tokio::time::sleep;

use super::directive::Directive;
use super::{Request, Stand};

/// Between the words.
const PAUSE: Duration = Duration::from_millis(40);

/// After how many words `[break]` ends an answer.
const BREAK_AFTER: usize = 5;

/// The words of every answer.
const TEXT: &str = "I am the stand-in for a model: I know nothing, but I say it in the real wire format. Your page has asked \
    the gateway, and its browser has let it, because the gateway's policy allows this origin. The gateway has asked me, with \
    a key that your page never sees. Each word that you read here has travelled alone: nobody on the way has waited for \
    the next one. Press Stop, and the gateway closes its connection to me, and I fall silent.";

pub(super) fn to(request: &Request, directives: &[Directive]) -> String {
    let question = request.last("user");
    // The gateway's own question.
    if request.last("system").ends_with("Say one word: easy or hard.") {
        let is_hard = question.split_whitespace().count() > 12 || question.to_lowercase().contains("prove");
        return if is_hard { "hard" } else { "easy" }.to_owned();
    }
    match directives
        .iter()
        .find_map(|directive| if let Directive::Words(count) = directive { Some(*count) } else { None })
    {
        Some(count) => TEXT.split(' ').cycle().take(count).collect::<Vec<_>>().join(" "),
        None => format!("You asked: “{question}”\n\n{TEXT}"),
    }
}

fn usage(request: &Request, answer: &str) -> Value {
    let prompt = request
        .messages
        .iter()
        .map(|message| message.content.to_string().split_whitespace().count())
        .sum::<usize>();
    let completion = answer.split_whitespace().count();
    json!({ "prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion })
}

fn chunk(request: &Request, object: &str, rest: &Value) -> Value {
    let created = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let mut chunk =
        json!({ "id": "chatcmpl-stand-in", "object": object, "created": created, "model": request.model });
    if let (Value::Object(chunk), Value::Object(rest)) = (&mut chunk, rest) {
        chunk.extend(rest.clone());
    }
    chunk
}

pub(super) fn whole(request: &Request, answer: &str) -> Response {
    let message = json!({ "role": "assistant", "content": answer });
    let choices = json!([{ "index": 0, "message": message, "finish_reason": "stop" }]);
    let rest = json!({ "choices": choices, "usage": usage(request, answer) });
    Json(chunk(request, "chat.completion", &rest)).into_response()
}

pub(super) fn stream(
    stand: Arc<Stand>,
    request: &Request,
    answer: &str,
    directives: &[Directive],
) -> Response {
    let piece = |delta: Value, finish: Value| {
        let choices = json!([{ "index": 0, "delta": delta, "finish_reason": finish }]);
        chunk(request, "chat.completion.chunk", &json!({ "choices": choices })).to_string()
    };
    let mut events = vec![piece(json!({ "role": "assistant", "content": "" }), Value::Null)];
    events.extend(answer.split_inclusive(' ').map(|word| piece(json!({ "content": word }), Value::Null)));
    if directives.contains(&Directive::Break) {
        events.truncate(BREAK_AFTER);
    } else {
        events.push(piece(json!({}), "stop".into()));
        if request.stream_options.include_usage {
            let rest = json!({ "choices": [], "usage": usage(request, answer) });
            events.push(chunk(request, "chat.completion.chunk", &rest).to_string());
        }
        events.push("[DONE]".to_owned());
    }
    let pause =
        directives.iter().find_map(|one| if let Directive::Pause(pause) = one { Some(*pause) } else { None });
    let words = Words { stand, events: events.into_iter(), pause: pause.unwrap_or(PAUSE), is_first: true };
    let body = Body::from_stream(stream::unfold(words, async |mut words| {
        let event = words.next().await?;
        Some((Ok::<_, Infallible>(event), words))
    }));
    ([(header::CONTENT_TYPE, "text/event-stream")], body).into_response()
}

/// The words still to send. Dropping it early is counted: the connection was closed.
struct Words {
    stand: Arc<Stand>,
    events: std::vec::IntoIter<String>,
    pause: Duration,
    is_first: bool,
}

impl Words {
    async fn next(&mut self) -> Option<Bytes> {
        // Counted before the pause: a word dropped during it was not sent.
        if self.events.as_slice().is_empty() {
            return None;
        }
        if !std::mem::take(&mut self.is_first) {
            sleep(self.pause).await;
        }
        self.events.next().map(|event| Bytes::from(format!("data: {event}\n\n")))
    }
}

impl Drop for Words {
    fn drop(&mut self) {
        let is_finished = self.events.as_slice().is_empty();
        self.stand.count(|calls| if is_finished { calls.finished += 1 } else { calls.stopped += 1 });
    }
}
