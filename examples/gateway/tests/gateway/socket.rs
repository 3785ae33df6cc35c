//! The handshake of a WebSocket, header by header, and how it ends.

use std::time::{Duration, Instant};

use tokio::io::AsyncWriteExt;

use super::wire::{GRANTED, Gateway, Wire};

const ASKED: [&str; 4] = [
    "connection: keep-alive, Upgrade",
    "upgrade: WebSocket",
    "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==",
    "origin: https://app.example.com",
];
const AGREED: &str = "HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\nkeep-alive: timeout=5\r\n\
    sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

/// Both ends of one, after the handshake.
async fn open(gateway: &Gateway) -> (Wire, Wire) {
    let mut client = gateway.ask("GET /v1/live", &ASKED, "").await;
    let mut upstream = gateway.accept().await;
    let request = upstream.head().await;
    let kept = ["connection: upgrade", "upgrade: websocket"];
    for line in kept.iter().chain(&ASKED[2..]) {
        assert!(request.headers.contains(&(*line).to_owned()), "{line}: {request:?}");
    }
    assert!(!request.headers.iter().any(|line| line.contains("keep-alive")), "{request:?}");
    // What follows the head at once is a part of the tunnel.
    upstream.say(&format!("{AGREED}early")).await;
    let own =
        ["connection: upgrade", "upgrade: websocket", "sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="];
    client.head().await.assert("HTTP/1.1 101 Switching Protocols", &[&own, &GRANTED]);
    assert_eq!(client.text(5).await, "early");
    (client, upstream)
}

#[tokio::test]
async fn bytes_go_both_ways_until_both_sides_have_ended() {
    let gateway = Gateway::start().await;
    let (mut client, mut upstream) = open(&gateway).await;
    client.say("ping").await;
    assert_eq!(upstream.text(4).await, "ping");
    upstream.say("pong").await;
    assert_eq!(client.text(4).await, "pong");

    // One side has nothing more to say, and still listens.
    client.0.get_mut().shutdown().await.expect("it can end");
    assert_eq!(upstream.rest().await, "");
    upstream.say("last").await;
    drop(upstream);
    assert_eq!(client.rest().await, "last");
}

#[tokio::test]
async fn one_on_which_nothing_moves_is_closed() {
    let gateway = Gateway::start_with("[timeouts]\nidle = 0.5").await;
    let (mut client, mut upstream) = open(&gateway).await;
    let start = Instant::now();
    assert_eq!((client.rest().await, upstream.rest().await), (String::new(), String::new()));
    assert!(start.elapsed() >= Duration::from_millis(400), "{:?}", start.elapsed());
}

#[tokio::test]
async fn an_upstream_that_switches_to_something_else_or_without_being_asked_is_a_502() {
    let gateway = Gateway::start().await;
    let other = "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n";
    for (asked, answer) in
        [(&ASKED[..], other), (&[], AGREED), (&["connection: upgrade", "upgrade: h2c"], other)]
    {
        let (_, got) = gateway.exchange("GET /v1/live", asked, answer).await;
        assert_eq!(got.start, "HTTP/1.1 502 Bad Gateway", "{asked:?} {answer}");
    }
}
