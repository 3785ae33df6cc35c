//! Without a framework: a plain hyper server. Its body type does not implement `Default`.
//!
//! `cargo run -p example-hyper` prints its address and what to try.

mod body;
mod serve;

use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::time::Duration;

use http::{Request, Response};
use hyper::body::Incoming;
use tokio::net::TcpListener;
use tower::{ServiceBuilder, service_fn};
use tower_cors::{CorsLayer, CorsPolicy};

use body::Body;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let policy = CorsPolicy::builder()
        .allow_origins(["https://app.example.com", "http://localhost:*"])
        .allow_methods(["PUT"])
        .allow_headers(["content-type"])
        .build()?;
    let service = ServiceBuilder::new()
        .layer(CorsLayer::from(policy).empty_body(Body::empty))
        .service(service_fn(hello));

    // `PORT=0` takes any free port.
    let port = std::env::var("PORT").map_or(Ok(3001), |port| port.parse())?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.unwrap_or_else(|error| {
        eprintln!(
            "cannot listen on port {port}: {error}. Choose another: PORT=4001 cargo run -p example-hyper"
        );
        std::process::exit(1)
    });
    let address = listener.local_addr()?;
    println!("listening on http://{address}; try:

curl -i http://{address}/ -H 'Origin: http://localhost:5173'
curl -i -X OPTIONS http://{address}/ -H 'Origin: http://localhost:5173' -H 'Access-Control-Request-Method: PUT'

# Press Ctrl-C here within three seconds: this is still answered.
curl -i http://{address}/after/3
");
    serve::until(serve::interrupted()?, listener, service).await;
    Ok(())
}

/// Answers at once, or after as many seconds as the path says: `/after/3`.
async fn hello(request: Request<Incoming>) -> Result<Response<Body>, Infallible> {
    let seconds: Option<u8> =
        request.uri().path().strip_prefix("/after/").and_then(|seconds| seconds.parse().ok());
    if let Some(seconds) = seconds {
        tokio::time::sleep(Duration::from_secs(seconds.into())).await;
    }
    Ok(Response::new(Body::from("hello\n")))
}
