//! gRPC, and gRPC-web for pages of other origins, on one port.
//!
//! `cargo run -p example-tonic` prints its address and what to try.

mod service;
mod shutdown;

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use service::{Weather, WeatherServer};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic_web::GrpcWebLayer;
use tower_cors::{CorsLayer, CorsPolicy, PolicyError, preset};

fn policy() -> Result<CorsPolicy, PolicyError> {
    CorsPolicy::builder()
        .allow_origins(["https://app.example.com", "http://localhost:*"])
        // The headers that clients send with each call, and those in which a failed call gives the reason: a page that
        // cannot read them sees an error without a reason.
        .with(preset::GRPC_WEB)
        .max_age(Duration::from_secs(7200))
        .build()
}

/// How long the calls that have begun may take at the end.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(5);

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // `PORT=0` takes any free port.
    let port = std::env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.unwrap_or_else(|error| {
        eprintln!(
            "cannot listen on port {port}: {error}. Choose another: PORT=4001 cargo run -p example-tonic"
        );
        std::process::exit(1)
    });
    let interrupted = shutdown::interrupted()?;
    let (ending, ends) = oneshot::channel();
    print_what_to_try(listener.local_addr()?);

    let server = Server::builder()
        // Without TLS, browsers speak HTTP/1.1. gRPC itself is always HTTP/2.
        .accept_http1(true)
        // Outermost: a preflight is not a gRPC call, and `GrpcWebLayer` would refuse it.
        .layer(CorsLayer::new(policy()?))
        // Translates gRPC-web, and leaves gRPC as it is.
        .layer(GrpcWebLayer::new())
        .add_service(WeatherServer::new(Weather))
        .serve_with_incoming_shutdown(TcpIncoming::from(listener), async {
            interrupted.await;
            let _ = ending.send(());
        });
    tokio::select! {
        result = server => result?,
        () = async {
            let _ = ends.await;
            tokio::time::sleep(SHUTDOWN_TIMEOUT).await;
        } => eprintln!("not every call ended within {SHUTDOWN_TIMEOUT:?}"),
    }
    Ok(())
}

fn print_what_to_try(address: SocketAddr) {
    println!("listening on http://{address}; try:

# The preflight of a page's gRPC-web client:
curl -i -X OPTIONS http://{address}/weather.v1.Weather/Now -H 'Origin: https://app.example.com' -H 'Access-Control-Request-Method: POST' -H 'Access-Control-Request-Headers: content-type,x-grpc-web,x-user-agent'

# Its call, here with messages in Base64: how is the weather in Oslo?
curl -i http://{address}/weather.v1.Weather/Now -H 'Origin: https://app.example.com' -H 'Content-Type: application/grpc-web-text+proto' -H 'Accept: application/grpc-web-text+proto' -d AAAAAAYKBE9zbG8=

# An error is in the headers, where the page can read it: Atlantis has no weather.
curl -i http://{address}/weather.v1.Weather/Now -H 'Origin: https://app.example.com' -H 'Content-Type: application/grpc-web-text+proto' -H 'Accept: application/grpc-web-text+proto' -d AAAAAAoKCEF0bGFudGlz

# The preflight of a page that is not allowed is refused:
curl -i -X OPTIONS http://{address}/weather.v1.Weather/Now -H 'Origin: https://evil.example' -H 'Access-Control-Request-Method: POST' -H 'Access-Control-Request-Headers: content-type,x-grpc-web'

# With npm, a page that calls it with grpc-web and with Connect; then open http://localhost:5173/?api=http://{address}
cd page && npm install && npm start
");
}
