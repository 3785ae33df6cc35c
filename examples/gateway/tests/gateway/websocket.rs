//! A WebSocket, through the gateway to the service that it brings along.

use futures_util::{SinkExt, StreamExt};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::wire::{APP, STRANGER, soon};
use crate::support::Program;

async fn connect(program: &Program, path: &str, origin: &str) -> Result<String, Error> {
    let mut request = format!("ws://{}{path}", program.address).into_client_request()?;
    request.headers_mut().insert("origin", origin.parse().expect("an origin"));
    let (mut socket, _) = soon(connect_async(request)).await?;
    // More than one buffer, and more than one message at a time.
    let texts = ["hello".to_owned(), "1".repeat(100_000)];
    for text in &texts {
        socket.send(Message::text(text.clone())).await?;
    }
    for text in &texts {
        let answer = soon(socket.next()).await.expect("an answer")?;
        assert_eq!(answer.to_text()?, text);
    }
    socket.close(None).await?;
    let last = soon(socket.next()).await.expect("it is closed in the way of the protocol")?;
    assert!(matches!(last, Message::Close(_)), "{last:?}");
    Ok(texts[0].clone())
}

#[tokio::test]
async fn it_says_back_what_it_is_told_by_pages_that_are_allowed_and_by_its_own() {
    let program = Program::start(None).await;
    let own = format!("http://{}", program.address);
    for origin in [APP, "http://localhost:5173", &own] {
        assert_eq!(connect(&program, "/v1/live", origin).await.expect("it is allowed"), "hello", "{origin}");
    }
}

#[tokio::test]
async fn a_page_that_is_not_allowed_opens_none() {
    let program = Program::start(None).await;
    for origin in [STRANGER, "null", "http://127.0.0.1:1", "https://app.example.com.stranger.example"] {
        match connect(&program, "/v1/live", origin).await {
            Err(Error::Http(response)) => assert_eq!(response.status(), 403, "{origin}"),
            other => panic!("{origin}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn an_upstream_that_wants_none_answers_as_it_does() {
    let program = Program::start(None).await;
    match connect(&program, "/v1/nothing", APP).await {
        Err(Error::Http(response)) => {
            assert_eq!(response.status(), 404);
            assert_eq!(response.headers()["access-control-allow-origin"], APP);
        }
        other => panic!("{other:?}"),
    }
}
