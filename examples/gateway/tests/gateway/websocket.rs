//! A WebSocket through the gateway.

use futures_util::{SinkExt, StreamExt};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::program::Program;

#[tokio::test]
async fn an_allowed_page_talks_and_a_stranger_does_not_get_in() {
    let program = Program::start().await;
    let handshake = |origin: &'static str| {
        let address = program.gateway.replace("http://", "ws://") + "/live";
        let mut request = address.into_client_request().expect("an address");
        request.headers_mut().insert("origin", origin.parse().expect("a header"));
        connect_async(request)
    };
    let (mut socket, answer) = handshake("https://app.example.com").await.expect("it is allowed");
    assert_eq!(answer.headers()["access-control-allow-origin"], "https://app.example.com");
    for text in ["one", "two"] {
        socket.send(Message::text(text)).await.expect("it is sent");
        let echo = socket.next().await.expect("an echo").expect("it goes well");
        assert_eq!(echo, Message::text(text));
    }
    socket.close(None).await.expect("it is closed");

    match handshake("https://stranger.example").await {
        Err(Error::Http(answer)) => assert_eq!(answer.status(), 403),
        other => panic!("it must be refused: {:?}", other.map(|(_, answer)| answer)),
    }
}
