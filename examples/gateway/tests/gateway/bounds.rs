//! How long, and how much, the gateway takes from either side.

use std::time::{Duration, Instant};

use tokio::io::AsyncWriteExt;
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{sleep, timeout};

use super::wire::{Gateway, message, soon};
use crate::support::Program;

/// Short, so that the tests are.
const HEAD: Duration = Duration::from_millis(400);
const IDLE: Duration = Duration::from_millis(800);
const TIMEOUTS: &str = "[timeouts]\nconnect = 0.4\nhead = 0.4\nidle = 0.8";

/// Of the program. hyper counts what it has read when a head is not whole yet, so a little more may pass.
const MAX_HEAD: usize = 64 * 1024;

#[tokio::test]
async fn an_upstream_that_does_not_begin_its_answer_is_a_504() {
    let gateway = Gateway::start_with(TIMEOUTS).await;
    let start = Instant::now();
    let mut client = gateway.ask("GET /v1", &[], "").await;
    let mut upstream = gateway.accept().await;
    upstream.head().await;
    assert_eq!(client.head().await.start, "HTTP/1.1 504 Gateway Timeout");
    assert!(start.elapsed() >= HEAD, "{:?}", start.elapsed());
    assert_eq!(upstream.rest().await, "", "the upstream learns it");
}

#[tokio::test]
async fn an_upload_may_take_longer_than_that_but_not_stand_still() {
    let gateway = Gateway::start_with(TIMEOUTS).await;
    let mut client = gateway.ask("POST /v1", &["transfer-encoding: chunked"], "").await;
    let mut upstream = gateway.accept().await;
    upstream.head().await;
    for _ in 0..4 {
        sleep(HEAD / 2).await;
        client.say_chunk("1").await;
        assert_eq!(upstream.chunk().await, "1");
    }
    // Longer than the answer may take: it is the client's turn.
    sleep(HEAD + HEAD / 4).await;
    client.say_chunk("2").await;
    assert_eq!(upstream.chunk().await, "2");
    let start = Instant::now();
    assert_eq!(client.head().await.start, "HTTP/1.1 408 Request Timeout");
    assert!(start.elapsed() + HEAD / 4 >= IDLE, "{:?}", start.elapsed());
    assert_eq!(upstream.rest().await, "", "the upstream does not take it for a whole one");
}

#[tokio::test]
async fn an_upstream_that_takes_no_more_of_an_upload_is_a_504() {
    let gateway = Gateway::start_with(TIMEOUTS).await;
    let mut client = gateway.ask("POST /v1", &["content-length: 100000000"], "").await;
    let _upstream = gateway.accept().await;
    let piece = "1".repeat(1 << 20);
    // Until all buffers on the way are full.
    while timeout(HEAD / 4, client.say(&piece)).await.is_ok() {}
    assert_eq!(client.head().await.start, "HTTP/1.1 504 Gateway Timeout");
}

#[tokio::test]
async fn an_answer_may_take_its_time_but_not_stand_still() {
    let gateway = Gateway::start_with(TIMEOUTS).await;
    let mut client = gateway.ask("GET /v1", &[], "").await;
    let mut upstream = gateway.accept().await;
    upstream.head().await;
    upstream.say("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").await;
    client.head().await;
    for _ in 0..4 {
        sleep(IDLE / 2).await;
        upstream.say_chunk("1").await;
        assert_eq!(client.chunk().await, "1");
    }
    let start = Instant::now();
    // Without the last chunk: it was not whole.
    assert_eq!(client.rest().await, "");
    assert!(start.elapsed() >= IDLE / 2, "{:?}", start.elapsed());
    assert_eq!(upstream.rest().await, "");
}

#[tokio::test]
async fn a_client_that_takes_nothing_of_an_answer_is_given_up() {
    let gateway = Gateway::start_with(TIMEOUTS).await;
    let _client = gateway.ask("GET /v1", &[], "").await;
    let mut upstream = gateway.accept().await;
    upstream.head().await;
    upstream.say("HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\n").await;
    let piece = "1".repeat(1 << 20);
    let mut said = 0;
    while soon(upstream.0.get_mut().write_all(piece.as_bytes())).await.is_ok() {
        said += piece.len();
    }
    // No more of it was taken than what fits into the buffers on the way.
    assert!(said < 100_000_000, "{said}");
}

/// A socket whose queue is full: the system answers no more connections, as an address behind a firewall would.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn an_upstream_to_which_no_connection_opens_is_a_504() {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind(([127, 0, 0, 1], 0).into()).expect("there is a free port");
    let full = socket.listen(1).expect("it listens");
    let address = full.local_addr().expect("it has an address");
    let mut queue = Vec::new();
    while let Ok(stream) = timeout(Duration::from_millis(200), TcpStream::connect(address)).await {
        queue.push(stream);
    }
    // An answer may take longer than that.
    let config = format!("[timeouts]\nconnect = 0.4\n[[route]]\npath = '/v1'\nupstream = 'http://{address}'");
    let gateway = Gateway { program: Program::start(Some(&config)).await, upstream: full };
    let start = Instant::now();
    let mut client = gateway.ask("GET /v1", &[], "").await;
    assert_eq!(client.head().await.start, "HTTP/1.1 504 Gateway Timeout");
    assert!(start.elapsed() < Duration::from_secs(15), "{:?}", start.elapsed());
}

#[tokio::test]
async fn heads_have_a_size() {
    let gateway = Gateway::start().await;
    // What is below it passes; what is above it is refused, by the side that has to read it.
    let filling = |length: usize| format!("x-a: {}", "1".repeat(length));
    let answer = |length: usize| message("HTTP/1.1 200 OK", &["content-length: 0", &filling(length)], "");
    let empty = answer(0);
    let (request, got) =
        gateway.exchange("GET /v1", &[&filling(MAX_HEAD - 1000)], &answer(MAX_HEAD - 1000)).await;
    assert!(request.headers.contains(&filling(MAX_HEAD - 1000)));
    assert_eq!(got.start, "HTTP/1.1 200 OK");

    let (_, got) = gateway.exchange("GET /v1", &[], &answer(2 * MAX_HEAD)).await;
    assert_eq!(got.start, "HTTP/1.1 502 Bad Gateway");
    let refused = gateway.answer("GET /v1", &[&filling(2 * MAX_HEAD)]).await;
    assert_eq!(refused.start, "HTTP/1.1 431 Request Header Fields Too Large");
    let (_, got) = gateway.exchange("GET /v1", &[], &empty).await;
    assert_eq!(got.start, "HTTP/1.1 200 OK");
}
