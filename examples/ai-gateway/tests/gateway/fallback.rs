//! Which model answers.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::{Program, chat, header, json_of, text_of};

#[tokio::test]
async fn an_easy_question_goes_to_a_cheap_model_and_a_hard_one_to_a_good_one() {
    let program = Program::start().await;
    for (question, model) in [
        ("What is CORS? [pause 0]", "gpt-4.1-nano"),
        ("Prove it. [pause 0]", "gpt-4.1"),
        ("Who says how hard this is? [fail 500 gpt-4.1-nano] [pause 0]", "gpt-4.1-mini"),
        // Nobody says: in doubt, it is hard.
        ("Hello! [fail 500 gpt-4.1-nano] [fail 500 gpt-4.1-mini] [pause 0]", "gpt-4.1"),
    ] {
        assert_eq!(header(&program.ask(question).await, "x-model"), model, "{question}");
    }
}

#[tokio::test]
async fn another_model_stands_in_for_one_that_is_busy_broken_or_slow() {
    let program = Program::start_with(&[("FIRST_TOKEN_TIMEOUT_MS", "500")]).await;
    for failure in ["fail 429", "fail 500", "fail 503", "hang"] {
        for is_stream in [true, false] {
            // Without a stream, there is no first token to wait for.
            if failure == "hang" && !is_stream {
                continue;
            }
            let mut body = chat("gpt-4.1", &format!("[{failure} gpt-4.1] [words 2] [pause 0]"));
            body["stream"] = is_stream.into();
            let response = program.post("/v1/chat/completions", &body).await;
            assert_eq!(header(&response, "x-model"), "gpt-4.1-nano", "{failure}");
            assert!(text_of(response).await.contains("am"), "{failure}");
        }
    }
}

#[tokio::test]
async fn a_slow_model_is_not_waited_for() {
    let program = Program::start_with(&[("FIRST_TOKEN_TIMEOUT_MS", "300")]).await;
    let start = Instant::now();
    let response = program.post("/v1/chat/completions", &chat("gpt-4.1", "[hang]")).await;
    assert_eq!(response.status(), 504);
    assert_eq!(json_of(response).await["error"]["message"], "no model answered in time");
    assert!(start.elapsed() < Duration::from_secs(5), "three models, 300 ms each");
    assert_eq!(program.calls().await["total"], 3);
}

#[tokio::test]
async fn nobody_stands_in_after_the_first_token() {
    let program = Program::start().await;
    let response = program.post("/v1/chat/completions", &chat("gpt-4.1", "hello [break] [pause 0]")).await;
    assert_eq!(response.status(), 200);
    let events = text_of(response).await;
    assert!(!events.contains("[DONE]"), "{events}");
    let last = events.trim_end().rsplit("data: ").next().expect("an event");
    let expected = json!({ "error": {
        "message": "the answer was interrupted. Ask again", "type": "server_error", "param": null, "code": null,
    } });
    assert_eq!(serde_json::from_str::<serde_json::Value>(last).expect("JSON"), expected);
    assert_eq!(program.calls().await["total"], 1);
}

#[tokio::test]
async fn a_mistake_in_the_question_is_not_asked_again() {
    let program = Program::start().await;
    for status in [400, 422] {
        let before = program.calls().await["total"].as_u64().expect("a number");
        let question = format!("[fail {status}]");
        let response = program.post("/v1/chat/completions", &chat("gpt-4.1", &question)).await;
        assert_eq!(response.status(), status);
        assert_eq!(program.calls().await["total"], before + 1, "{status}");
    }
}
