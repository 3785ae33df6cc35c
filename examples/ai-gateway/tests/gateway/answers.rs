//! Answers: streamed without delay, stopped, whole, and without the key.

use std::time::{Duration, Instant};

use http_body_util::BodyExt;
use hyper::Request;
use serde_json::{Value, json};

use crate::support::{KEY, Program, chat, header, json_of, send, text_of};

/// The text of a streamed answer.
fn text_in(events: &str) -> String {
    let data = events.lines().filter_map(|line| line.strip_prefix("data: "));
    let chunks = data.filter_map(|data| serde_json::from_str::<Value>(data).ok());
    chunks.filter_map(|chunk| chunk["choices"][0]["delta"]["content"].as_str().map(str::to_owned)).collect()
}

#[tokio::test]
async fn a_token_arrives_before_the_next_one_is_sent() {
    let program = Program::start().await;
    let mut response = program.ask("[words 4] [pause 400]").await;
    assert_eq!(response.status(), 200);
    assert_eq!(header(&response, "content-type"), "text/event-stream");
    let mut received = String::new();
    while !received.contains("\"I \"") {
        let frame = response.frame().await.expect("there is more").expect("it goes well");
        received.push_str(std::str::from_utf8(frame.data_ref().expect("data")).expect("text"));
    }
    assert!(!received.contains("\"am \""), "{received}");
    assert_eq!(program.calls().await["finished"], 0, "the provider is still sending");
    received.push_str(&text_of(response).await);
    assert_eq!(text_in(&received), "I am the stand-in");
    assert!(received.ends_with("data: [DONE]\n\n"), "{received}");
    assert!(!received.contains("\"usage\""), "nobody has asked for it");
}

#[tokio::test]
async fn who_asks_for_the_usage_gets_it() {
    let program = Program::start().await;
    let mut body = chat("gpt-4.1", "[words 4] [pause 0]");
    body["stream_options"] = json!({ "include_usage": true });
    let events = text_of(program.post("/v1/chat/completions", &body).await).await;
    assert!(events.contains("\"completion_tokens\":4"), "{events}");
}

#[tokio::test]
async fn a_page_that_goes_away_stops_the_provider() {
    let program = Program::start().await;
    let mut response = program.ask("[words 500] [pause 50]").await;
    response.frame().await.expect("there is a token").expect("it goes well");
    assert_eq!(program.calls().await["stopped"], 0);
    drop(response);
    program.wait_for_calls(|calls| calls["stopped"] == 1 && calls["finished"] == 0).await;

    let recent = json_of(program.get("/v1/usage").await).await["recent"][0].clone();
    assert!(recent["is_estimate"] == true && recent["purpose"] == "answer", "{recent}");
    let tokens = recent["completion_tokens"].as_u64().expect("a number");
    assert!((1..500).contains(&tokens), "{recent}");
}

#[tokio::test]
async fn an_answer_can_be_whole() {
    let program = Program::start().await;
    let mut body = chat("auto", "[words 3]");
    body["stream"] = false.into();
    let answer = json_of(program.post("/v1/chat/completions", &body).await).await;
    assert_eq!(answer["choices"][0]["message"]["content"], "I am the");
}

#[tokio::test]
async fn the_same_question_is_answered_from_memory_and_only_to_its_user() {
    let program = Program::start().await;
    let question = chat("gpt-4.1", "[words 3] [pause 0]");
    let ask = async |body: &Value, token| {
        let request = program.request("POST", "/v1/chat/completions", token);
        let response = send(request.body(body.to_string()).expect("a request")).await;
        let cache = header(&response, "x-cache").to_owned();
        assert_eq!(header(&response, "x-model"), "gpt-4.1");
        (cache, text_in(&text_of(response).await))
    };
    let answer = "I am the".to_owned();
    assert_eq!(ask(&question, "ada-secret").await, ("miss".to_owned(), answer.clone()));
    assert_eq!(ask(&question, "ada-secret").await, ("hit".to_owned(), answer.clone()));
    assert_eq!(program.calls().await["total"], 1);
    assert_eq!(ask(&question, "grace-secret").await, ("miss".to_owned(), answer.clone()));

    let mut varied = question.clone();
    varied["temperature"] = 1.into();
    for _ in 0..2 {
        assert_eq!(ask(&varied, "ada-secret").await.0, "miss");
    }

    // An interrupted answer is not stored.
    let broken = chat("gpt-4.1", "[break] [pause 0]");
    for _ in 0..2 {
        assert_eq!(ask(&broken, "ada-secret").await.0, "miss");
    }
}

#[tokio::test]
async fn no_response_has_the_key_in_it() {
    let program = Program::start().await;
    let questions = [
        "hello [pause 0]",
        "[fail 400]",
        "[fail 401]",
        "[fail 403]",
        "[fail 404]",
        "[fail 429]",
        "[fail 500]",
        "[break]",
    ];
    for question in questions {
        for is_stream in [true, false] {
            let mut body = chat("gpt-4.1", question);
            body["stream"] = is_stream.into();
            let response = program.post("/v1/chat/completions", &body).await;
            let head = format!("{:?}", response.headers());
            let text = text_of(response).await;
            assert!(!head.contains(KEY) && !text.contains(KEY), "{question}: {head} {text}");
        }
    }
    // The provider itself does say it, so that this test can fail.
    let request = Request::post(format!("{}/v1/chat/completions", program.provider))
        .header("authorization", format!("Bearer {KEY}"))
        .header("content-type", "application/json")
        .body(chat("gpt-4.1", "[fail 400]").to_string());
    assert!(text_of(send(request.expect("a request")).await).await.contains(KEY));
}

#[tokio::test]
async fn another_provider_is_asked_where_the_variables_name_one() {
    let provider = Program::start().await;
    let base = format!("{}/v1/", provider.provider);
    let program = Program::start_with(&[("OPENAI_BASE_URL", &base), ("OPENAI_API_KEY", KEY)]).await;
    let events = text_of(program.ask("[words 2] [pause 0]").await).await;
    assert_eq!(text_in(&events), "I am");
    assert_eq!(provider.calls().await["by_model"], json!({ "gpt-4.1-nano": 2 }));

    let program = Program::start_with(&[("OPENAI_BASE_URL", &base), ("OPENAI_API_KEY", "sk-wrong")]).await;
    let response = program.ask("[words 2]").await;
    assert_eq!(response.status(), 502);
    let message = "the gateway is not set up for its model provider";
    assert_eq!(json_of(response).await["error"]["message"], message);
}

/// Medians over so many answers, with and without the gateway: `cargo test -- --nocapture first_token` prints them.
#[tokio::test]
async fn the_first_token_is_hardly_later_than_without_the_gateway() {
    const ROUNDS: usize = 31;
    const SLOWER: Duration = Duration::from_millis(50);

    let config = crate::support::config_with_limit("first-token.toml", 10_000);
    let program = Program::start_with(&[("GATEWAY_CONFIG", &config)]).await;
    let first_token = async |origin: &str, key: &str, model: &str, round: usize| {
        let body = chat(model, &format!("{round} [words 1] [pause 0]"));
        let request = Request::post(format!("{origin}/v1/chat/completions"))
            .header("authorization", format!("Bearer {key}"))
            .header("content-type", "application/json")
            .body(body.to_string());
        let start = Instant::now();
        let mut response = send(request.expect("a request")).await;
        let mut received = Vec::new();
        while !received.windows(3).any(|bytes| bytes == b"\"I\"") {
            let frame = response.frame().await.expect("there is more").expect("it goes well");
            received.extend_from_slice(frame.data_ref().expect("data"));
        }
        start.elapsed()
    };
    let mut times: [Vec<Duration>; 3] = Default::default();
    for round in 0..ROUNDS {
        times[0].push(first_token(&program.provider, KEY, "gpt-4.1", round).await);
        times[1].push(first_token(&program.gateway, "ada-secret", "gpt-4.1", round).await);
        times[2].push(first_token(&program.gateway, "ada-secret", "auto", round).await);
    }
    let [direct, named, routed] = times.map(|mut times| {
        times.sort_unstable();
        times[ROUNDS / 2]
    });
    println!(
        "first token: {direct:?} from the provider, {named:?} through the gateway, {routed:?} with routing"
    );
    assert!(named < direct + SLOWER && routed < direct + 2 * SLOWER, "{direct:?} {named:?} {routed:?}");
}
