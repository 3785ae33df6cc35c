//! The connections to the provider.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::routing::post;
use axum::serve::ListenerExt;
use futures_util::stream;
use tokio::net::TcpListener;
use tokio::time::sleep;

use crate::support::{Program, chat, text_of};

/// An answer of one word. The body ends a little after the last event, in a packet of its own.
async fn answer() -> Body {
    let text = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"yes\"}}]}\n\ndata: [DONE]\n\n";
    Body::from_stream(stream::unfold(Some(text), async |text| {
        if text.is_none() {
            sleep(Duration::from_millis(50)).await;
        }
        Some((Ok::<_, Infallible>(text?), None))
    }))
}

/// A handshake for each answer would come before its first token.
#[tokio::test]
async fn a_connection_to_the_provider_is_used_again_after_a_stream() {
    let count = Arc::new(AtomicUsize::new(0));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("there is a free port");
    let base = format!("http://{}", listener.local_addr().expect("it has an address"));
    let counting = Arc::clone(&count);
    let listener = listener.tap_io(move |_| {
        counting.fetch_add(1, Ordering::Relaxed);
    });
    let app = Router::new().route("/chat/completions", post(answer));
    tokio::spawn(async { axum::serve(listener, app).await });

    let program = Program::start_with(&[("OPENAI_BASE_URL", &base), ("OPENAI_API_KEY", "sk-test")]).await;
    for number in 0..5 {
        let body = chat("gpt-4.1", &number.to_string());
        let events = text_of(program.post("/v1/chat/completions", &body).await).await;
        assert!(events.contains("yes") && events.ends_with("data: [DONE]\n\n"), "{events}");
    }
    assert_eq!(count.load(Ordering::Relaxed), 1);
}
