//! The answers of the API of `OpenAI` that the page needs.

use axum::http::{Method, StatusCode};
use axum::response::Response;
use serde_json::{Value, json};

use super::{Asked, events, json, with};

pub(crate) fn respond(asked: &Asked<'_>) -> Response {
    let is_first = asked.attempt == 1;
    let refusal = |status| json(status, &json!({ "error": { "message": "No", "type": "test" } }));
    match asked.fact {
        "error" => with(refusal(StatusCode::NOT_FOUND), &[("x-request-id", "req_1")]),
        "retry_after" if is_first => with(refusal(StatusCode::TOO_MANY_REQUESTS), &[("retry-after", "5")]),
        "retry_after_ms" if is_first => {
            with(refusal(StatusCode::TOO_MANY_REQUESTS), &[("retry-after-ms", "5000")])
        }
        "should_retry" if is_first => with(refusal(StatusCode::BAD_REQUEST), &[("x-should-retry", "true")]),
        _ => with(answer(asked), &[("x-request-id", "req_1")]),
    }
}

fn answer(asked: &Asked<'_>) -> Response {
    let ok = |value| json(StatusCode::OK, &value);
    match (&asked.method, asked.path) {
        (&Method::POST, "chat/completions") if asked.says(r#""stream":true"#) => {
            let chunk = |text| choice("chat.completion.chunk", "delta", text).to_string();
            events(&[chunk("Hel"), chunk("lo"), "[DONE]".to_owned()])
        }
        (&Method::POST, "chat/completions") => ok(choice("chat.completion", "message", "Hello")),
        (&Method::GET, "models") => {
            ok(json!({ "object": "list", "data": [{ "id": "gpt-5", "object": "model" }] }))
        }
        (&Method::DELETE, "files/file-1") => ok(json!({ "id": "file-1", "object": "file", "deleted": true })),
        (&Method::POST, "files") => ok(json!({ "id": "file-1", "object": "file" })),
        (&Method::POST, "threads") => ok(json!({ "id": "thread_1", "object": "thread" })),
        (&Method::GET, "vector_stores/vs-1/files/file-1") => {
            let status = if asked.attempt == 1 { "in_progress" } else { "completed" };
            with(ok(json!({ "id": "file-1", "status": status })), &[("openai-poll-after-ms", "10")])
        }
        _ => asked.unknown(),
    }
}

fn choice(object: &str, field: &str, text: &str) -> Value {
    let message = json!({ "role": "assistant", "content": text });
    json!({ "id": "chatcmpl-1", "object": object, "choices": [{ "index": 0, field: message }] })
}
