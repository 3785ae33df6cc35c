//! What is answered before the service: every error is JSON that the page can read, and a stranger's page gets nothing.

use hyper::Request;
use serde_json::{Value, json};

use crate::support::{ADA, Program, chat, config_with_limit, header, json_of, send, text_of};

#[tokio::test]
async fn errors_have_one_shape_and_can_be_read_by_the_page() {
    let program = Program::start().await;
    let json = "application/json";
    let cases = [
        ("GET", "/nowhere", ADA, "", 404, "invalid_request_error", Value::Null),
        ("PUT", "/v1/models", ADA, "", 405, "invalid_request_error", Value::Null),
        ("GET", "/v1/models", "wrong", "", 401, "authentication_error", json!("invalid_api_key")),
        ("POST", "/v1/chat/completions", ADA, "{", 400, "invalid_request_error", Value::Null),
        ("POST", "/v1/chat/completions", ADA, "{}", 400, "invalid_request_error", Value::Null),
        (
            "POST",
            "/v1/chat/completions",
            ADA,
            r#"{"model": "x", "messages": [{"role": "user", "content": "hi"}]}"#,
            404,
            "invalid_request_error",
            json!("model_not_found"),
        ),
        ("POST", "/v1/feedback", ADA, r#"{"request": "req_0"}"#, 404, "invalid_request_error", Value::Null),
        (
            "POST",
            "/v1/feedback",
            ADA,
            r#"{"request": "a", "rating": "meh"}"#,
            422,
            "invalid_request_error",
            Value::Null,
        ),
    ];
    for (method, path, token, body, status, kind, code) in cases {
        let request = program.request(method, path, token).body(body.to_owned());
        let response = send(request.expect("a request")).await;
        assert_eq!(response.status(), status, "{method} {path} {body}");
        assert_eq!(header(&response, "content-type"), json);
        assert_eq!(header(&response, "access-control-allow-origin"), program.page);
        assert!(header(&response, "x-request-id").starts_with("req_"));
        let error = json_of(response).await["error"].clone();
        assert!(error["message"].is_string(), "{method} {path} {body}");
        assert_eq!((&error["type"], &error["code"]), (&json!(kind), &code), "{method} {path} {body}");
    }
}

#[tokio::test]
async fn a_request_that_is_too_long_is_refused() {
    let program = Program::start().await;
    let body = json!({ "model": "auto", "messages": "a".repeat(5 * 1024 * 1024) });
    let response = program.post("/v1/chat/completions", &body).await;
    assert_eq!(response.status(), 413);
    assert_eq!(json_of(response).await["error"]["type"], "invalid_request_error");
}

#[tokio::test]
async fn when_every_model_is_busy_the_page_reads_when_to_come_back() {
    let program = Program::start().await;
    let response = program.ask("[fail 429]").await;
    assert_eq!((response.status().as_u16(), header(&response, "retry-after")), (429, "7"));
    assert!(header(&response, "access-control-expose-headers").contains("retry-after"));
    let expected = json!({ "error": {
        "message": "every model is busy", "type": "rate_limit_error", "param": null, "code": "models_busy",
    } });
    assert_eq!(json_of(response).await, expected);
}

#[tokio::test]
async fn guesses_are_limited_and_preflights_are_not() {
    let config = config_with_limit("guesses.toml", 3);
    let program = Program::start_with(&[("GATEWAY_CONFIG", &config)]).await;
    let guess = async |token: &str| {
        let request = program.request("GET", "/v1/usage", token).body(String::new());
        send(request.expect("a request")).await
    };
    for number in ["1", "2", "3"] {
        assert_eq!(guess(number).await.status(), 401);
    }
    // Even the right one.
    let response = guess(ADA).await;
    assert_eq!(response.status(), 429);
    assert_eq!(header(&response, "access-control-allow-origin"), program.page);
    let wait: u32 = header(&response, "retry-after").parse().expect("seconds");
    assert!((1..=3600).contains(&wait), "{wait}");
    assert_eq!(json_of(response).await["error"]["code"], "rate_limit_exceeded");

    for _ in 0..5 {
        let preflight = Request::options(format!("{}/v1/usage", program.gateway))
            .header("origin", &program.page)
            .header("access-control-request-method", "GET")
            .header("access-control-request-headers", "authorization");
        assert_eq!(send(preflight.body(String::new()).expect("a request")).await.status(), 200 + 4);
    }
}

#[tokio::test]
async fn a_page_of_a_stranger_costs_nothing_and_reads_nothing() {
    let program = Program::start().await;
    for media_type in ["application/json", "text/plain"] {
        let request = Request::post(format!("{}/v1/chat/completions", program.gateway))
            .header("origin", "https://stranger.example")
            .header("authorization", format!("Bearer {ADA}"))
            .header("content-type", media_type)
            .body(chat("auto", "hello").to_string());
        let response = send(request.expect("a request")).await;
        assert_eq!(response.status(), 403);
        assert!(response.headers().keys().all(|name| !name.as_str().starts_with("access-control-")));
        assert_eq!(text_of(response).await, "");
    }
    assert_eq!(program.calls().await["total"], 0);
}

#[tokio::test]
async fn more_origins_are_allowed_by_a_variable() {
    let program =
        Program::start_with(&[("ALLOW_ORIGINS", "https://app.example.com, https://b.example.com")]).await;
    for (origin, status) in
        [("https://app.example.com", 200), ("https://b.example.com", 200), ("https://c.example.com", 403)]
    {
        let request = Request::get(format!("{}/v1/models", program.gateway))
            .header("origin", origin)
            .header("authorization", format!("Bearer {ADA}"));
        let response = send(request.body(String::new()).expect("a request")).await;
        assert_eq!(response.status(), status, "{origin}");
    }
}
