//! What requests cost, and how their answers are rated.

use serde_json::{Value, json};

use crate::support::{GRACE, Program, chat, header, json_of, send, text_of};

async fn usage(program: &Program) -> Value {
    json_of(program.get("/v1/usage").await).await
}

#[tokio::test]
async fn each_request_is_counted_with_its_tokens_and_price() {
    let program = Program::start().await;
    let question = chat("gpt-4.1", "[words 1000] [pause 0]");
    let first = program.post("/v1/chat/completions", &question).await;
    let id = header(&first, "x-request-id").to_owned();
    text_of(first).await;
    let shown = usage(&program).await;
    // Four words of the question, for 2 dollars a million; 8 for those of the answer.
    let expected = json!({
        "request": id, "model": "gpt-4.1", "purpose": "answer", "prompt_tokens": 4, "completion_tokens": 1000,
        "is_estimate": false, "usd": 0.008_008,
    });
    assert_eq!(shown["recent"], json!([expected]));
    assert_eq!(shown["total"]["usd"], 0.008_008);

    // Again, from memory.
    text_of(program.post("/v1/chat/completions", &question).await).await;
    let shown = usage(&program).await;
    let total = json!({
        "requests": 2, "cached": 1, "prompt_tokens": 4, "completion_tokens": 1000, "usd": 0.008_008, "up": 0, "down": 0,
    });
    assert_eq!((&shown["total"], &shown["models"]["gpt-4.1"]), (&total, &total));

    // Of nobody else.
    let request = program.request("GET", "/v1/usage", GRACE).body(String::new());
    assert_eq!(json_of(send(request.expect("a request")).await).await["total"]["requests"], 0);
}

#[tokio::test]
async fn a_rating_counts_once_and_can_be_taken_back() {
    let program = Program::start().await;
    let response = program.ask("[words 1] [pause 0]").await;
    let id = header(&response, "x-request-id").to_owned();
    text_of(response).await;
    for (rating, up, down) in
        [(json!("up"), 1, 0), (json!("up"), 1, 0), (json!("down"), 0, 1), (Value::Null, 0, 0)]
    {
        let body = json!({ "request": id, "rating": rating });
        assert_eq!(program.post("/v1/feedback", &body).await.status(), 204);
        let total = usage(&program).await["total"].clone();
        assert_eq!((&total["up"], &total["down"]), (&json!(up), &json!(down)), "{rating}");
    }
    let request = program
        .request("POST", "/v1/feedback", GRACE)
        .body(json!({ "request": id, "rating": "up" }).to_string());
    assert_eq!(send(request.expect("a request")).await.status(), 404, "it is Ada's");
}
