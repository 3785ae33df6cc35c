//! The answers of Anthropic's API that the page needs.

use axum::http::{Method, StatusCode};
use axum::response::Response;
use serde_json::{Value, json};

use super::{Asked, json, named_events, with};

pub(crate) fn respond(asked: &Asked<'_>) -> Response {
    let is_first = asked.attempt == 1;
    let refusal =
        |status| json(status, &json!({ "type": "error", "error": { "type": "test", "message": "No" } }));
    match asked.fact {
        "error" => with(refusal(StatusCode::NOT_FOUND), &[("request-id", "req_1")]),
        "retry_after" if is_first => with(refusal(StatusCode::TOO_MANY_REQUESTS), &[("retry-after", "5")]),
        "retry_after_ms" if is_first => {
            with(refusal(StatusCode::TOO_MANY_REQUESTS), &[("retry-after-ms", "5000")])
        }
        "should_retry" if is_first => with(refusal(StatusCode::BAD_REQUEST), &[("x-should-retry", "true")]),
        _ => with(answer(asked), &[("request-id", "req_1"), ("anthropic-workspace-id", "wrkspc_1")]),
    }
}

fn answer(asked: &Asked<'_>) -> Response {
    let ok = |value| json(StatusCode::OK, &value);
    match (&asked.method, asked.path) {
        (&Method::POST, "v1/messages") if asked.says(r#""stream":true"#) => named_events(&stream()),
        (&Method::POST, "v1/messages") => ok(message(&json!([{ "type": "text", "text": "Hello" }]))),
        (&Method::GET, "v1/models") => {
            ok(json!({ "data": [{ "id": "claude", "type": "model" }], "has_more": false }))
        }
        (&Method::DELETE, "v1/messages/batches/batch_1") => {
            ok(json!({ "id": "batch_1", "type": "message_batch_deleted" }))
        }
        _ => asked.unknown(),
    }
}

fn message(content: &Value) -> Value {
    json!({
        "id": "msg_1", "type": "message", "role": "assistant", "model": "claude", "content": content,
        "stop_reason": null, "usage": { "input_tokens": 1, "output_tokens": 1 },
    })
}

fn stream() -> Vec<(&'static str, Value)> {
    let text = |text| {
        let delta = json!({ "type": "text_delta", "text": text });
        ("content_block_delta", json!({ "type": "content_block_delta", "index": 0, "delta": delta }))
    };
    let block = json!({ "type": "text", "text": "" });
    let end = json!({ "stop_reason": "end_turn", "stop_sequence": null });
    vec![
        ("message_start", json!({ "type": "message_start", "message": message(&json!([])) })),
        ("content_block_start", json!({ "type": "content_block_start", "index": 0, "content_block": block })),
        text("Hel"),
        text("lo"),
        ("content_block_stop", json!({ "type": "content_block_stop", "index": 0 })),
        ("message_delta", json!({ "type": "message_delta", "delta": end, "usage": { "output_tokens": 2 } })),
        ("message_stop", json!({ "type": "message_stop" })),
    ]
}
