//! Without a framework: a plain hyper server, whose body type has no `Default`.
//!
//! `cargo run -p example-hyper` prints its address and what to try.

use std::convert::Infallible;
use std::net::Ipv4Addr;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Empty, Full};
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tower::{ServiceBuilder, service_fn};
use tower_cors::{CorsLayer, CorsPolicy};

/// A body that may as well stream from somewhere else.
struct Body(UnsyncBoxBody<Bytes, Infallible>);

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let policy = CorsPolicy::builder()
        .allow_origins(["https://app.example.com", "http://localhost:*"])
        .allow_methods(["PUT"])
        .allow_headers(["content-type"])
        .build()?;
    let service = ServiceBuilder::new()
        .layer(CorsLayer::from(policy).empty_body(|| Body(Empty::new().boxed_unsync())))
        .service(service_fn(hello));

    // `PORT=0` takes any free port.
    let port = std::env::var("PORT").map_or(Ok(3001), |port| port.parse())?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let address = listener.local_addr()?;
    println!("listening on http://{address}; try:

curl -i http://{address}/ -H 'Origin: http://localhost:5173'
curl -i -X OPTIONS http://{address}/ -H 'Origin: http://localhost:5173' -H 'Access-Control-Request-Method: PUT'
");
    loop {
        let (stream, _) = listener.accept().await?;
        let service = TowerToHyperService::new(service.clone());
        tokio::spawn(async move {
            let connection = auto::Builder::new(TokioExecutor::new())
                .serve_connection(TokioIo::new(stream), service)
                .await;
            if let Err(error) = connection {
                eprintln!("connection: {error}");
            }
        });
    }
}

async fn hello(_request: Request<Incoming>) -> Result<Response<Body>, Infallible> {
    Ok(Response::new(Body(Full::from("hello\n").boxed_unsync())))
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<Bytes>, Infallible>>> {
        std::pin::Pin::new(&mut self.0).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_end_stream()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.0.size_hint()
    }
}
