//! Bodies go through as they come, and what one side gives up the other learns.

use super::wire::{Gateway, Wire};

const CHUNKED: &str =
    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";

/// A request whose first piece has arrived, and an answer whose first piece has.
async fn begun(gateway: &Gateway) -> (Wire, Wire) {
    let mut client = gateway.ask("POST /v1/chat", &["transfer-encoding: chunked"], "").await;
    client.say_chunk("one").await;
    let mut upstream = gateway.accept().await;
    upstream.head().await;
    assert_eq!(upstream.chunk().await, "one");
    upstream.say(CHUNKED).await;
    upstream.say_chunk("1").await;
    let head = client.head().await;
    let own = ["content-type: text/event-stream", "transfer-encoding: chunked", "vary: Origin"];
    head.assert("HTTP/1.1 200 OK", &[&own]);
    assert_eq!(client.chunk().await, "1");
    (client, upstream)
}

#[tokio::test]
async fn the_first_piece_of_the_answer_arrives_before_the_last_of_the_request_is_sent() {
    let gateway = Gateway::start().await;
    let (mut client, mut upstream) = begun(&gateway).await;
    for (asked, answered) in [("two", "2"), ("three", "3")] {
        client.say_chunk(asked).await;
        assert_eq!(upstream.chunk().await, asked);
        upstream.say_chunk(answered).await;
        assert_eq!(client.chunk().await, answered);
    }
    client.say("0\r\n\r\n").await;
    assert_eq!((upstream.line().await, upstream.line().await), ("0".to_owned(), String::new()));
    upstream.say("0\r\n\r\n").await;
    assert_eq!((client.line().await, client.line().await), ("0".to_owned(), String::new()));

    // The connection can be used again.
    client.say("GET /nowhere HTTP/1.1\r\nhost: a\r\n\r\n").await;
    assert_eq!(client.head().await.start, "HTTP/1.1 404 Not Found");
}

#[tokio::test]
async fn a_client_that_asks_before_it_sends_its_body_is_told_to() {
    let gateway = Gateway::start().await;
    let mut client = gateway.ask("POST /v1", &["expect: 100-continue", "content-length: 3"], "").await;
    assert_eq!(client.head().await.start, "HTTP/1.1 100 Continue");
    client.say("one").await;
    let mut upstream = gateway.accept().await;
    upstream.head().await;
    assert_eq!(upstream.text(3).await, "one");
    // It may say so too; the client knows already.
    upstream.say("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n").await;
    assert_eq!(client.head().await.start, "HTTP/1.1 204 No Content");
}

#[tokio::test]
async fn a_client_that_leaves_ends_the_request_to_the_upstream() {
    let gateway = Gateway::start().await;
    // Before the answer has begun.
    let client = gateway.ask("GET /v1", &[], "").await;
    let mut upstream = gateway.accept().await;
    upstream.head().await;
    drop(client);
    assert_eq!(upstream.rest().await, "");

    // In the midst of an answer of which nothing more comes.
    let mut client = gateway.ask("GET /v1", &[], "").await;
    let mut upstream = gateway.accept().await;
    upstream.head().await;
    upstream.say(CHUNKED).await;
    upstream.say_chunk("1").await;
    client.head().await;
    assert_eq!(client.chunk().await, "1");
    drop(client);
    assert_eq!(upstream.rest().await, "");

    // And of its own request: that is not a whole one to the upstream.
    let (client, mut upstream) = begun(&gateway).await;
    drop(client);
    assert_eq!(upstream.rest().await, "");
}

#[tokio::test]
async fn an_upstream_that_dies_midway_leaves_an_answer_that_is_not_whole() {
    let gateway = Gateway::start().await;
    let (mut client, upstream) = begun(&gateway).await;
    drop(upstream);
    // Without the last chunk, which would say that this was all.
    assert_eq!(client.rest().await, "");

    let mut client = gateway.ask("GET /v1", &[], "").await;
    let mut upstream = gateway.accept().await;
    upstream.head().await;
    upstream.say("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n12345").await;
    client.head().await.assert("HTTP/1.1 200 OK", &[&["content-length: 10", "vary: Origin"]]);
    assert_eq!(client.text(5).await, "12345");
    drop(upstream);
    assert_eq!(client.rest().await, "");
}

#[tokio::test]
async fn an_upstream_that_dies_before_its_answer_or_sends_none_is_a_502() {
    let gateway = Gateway::start().await;
    for answer in ["", "HTTP/1.1 200 O", "hello\r\n\r\n", "HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n"] {
        let mut client = gateway.ask("GET /v1", &[], "").await;
        let mut upstream = gateway.accept().await;
        upstream.head().await;
        upstream.say(answer).await;
        drop(upstream);
        assert_eq!(client.head().await.start, "HTTP/1.1 502 Bad Gateway", "{answer:?}");
    }
}
