//! How the program ends, and how it does not start.

#![cfg(unix)]

use std::net::TcpListener;
use std::time::Instant;

use hyper::header;
use tokio::net::TcpStream;
use tokio::process::Command;

use crate::support::{PROGRAM, Program, SLACK, text_of};

#[tokio::test]
async fn an_answer_that_has_begun_is_finished_and_nothing_new_is_taken() {
    let mut program = Program::start().await;
    let answer = program.ask("[words 10] [pause 200]").await;
    assert!(!answer.headers().contains_key(header::CONTENT_LENGTH));
    program.terminate().await;
    let start = Instant::now();
    let address = program.gateway.trim_start_matches("http://").to_owned();
    while TcpStream::connect(&address).await.is_ok() {
        assert!(start.elapsed() < SLACK, "it still listens");
    }
    let events = text_of(answer).await;
    assert!(events.ends_with("data: [DONE]\n\n"), "{events}");
    let (status, errors) = program.wait().await;
    assert!(status.success() && errors.is_empty(), "{status}: {errors}");
}

#[tokio::test]
async fn what_cannot_be_is_named_with_what_to_do() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let port = listener.local_addr().expect("it has an address").port().to_string();
    let taken = format!("cannot listen on port {port}: ");
    let cases = [
        (
            "PORT",
            port.as_str(),
            taken.as_str(),
            ". Choose others: PORT=5100 cargo run -p example-ai-gateway\n",
        ),
        ("ALLOW_ORIGINS", "https://app.example.com/", "", "did you mean `https://app.example.com`?\n"),
        ("GATEWAY_TOKENS", "ada", "GATEWAY_TOKENS: entry 1 is not NAME=TOKEN\n", ""),
        ("SESSION_SECRET", "short", "SESSION_SECRET is too short. Use at least 32 random characters\n", ""),
        (
            "OPENAI_BASE_URL",
            "http://localhost:1",
            "OPENAI_BASE_URL is set, but OPENAI_API_KEY is not. Set both\n",
            "",
        ),
        ("REDIS_URL", "nowhere", "REDIS_URL: ", ""),
        ("GATEWAY_CONFIG", "/nowhere.toml", "GATEWAY_CONFIG: /nowhere.toml: ", ""),
    ];
    for (name, value, start, end) in cases {
        let output =
            Command::new(PROGRAM).env("PORT", "0").env(name, value).output().await.expect("it starts");
        let errors = String::from_utf8(output.stderr).expect("text");
        assert!(!output.status.success(), "{name}");
        assert!(errors.starts_with(start) && errors.ends_with(end), "{name}: {errors}");
    }
}
