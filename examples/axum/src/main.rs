//! An API with a policy from a configuration file, for pages of other origins.
//!
//! `cargo run -p example-axum` prints its address and what to try.

#[cfg(test)]
mod tests;

use std::net::Ipv4Addr;

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{get, put};
use axum::{Json, Router};
use tokio::net::TcpListener;
use tower_cors::{CorsLayer, CorsPolicy};

/// A file beside the program, in practice.
const CONFIG: &str = r#"
[cors]
allow_origins     = ["https://app.example.com", "https://*.preview.example.com", "http://localhost:*"]
allow_credentials = true
allow_methods     = ["PUT", "DELETE"]
allow_headers     = ["authorization", "content-type"]
expose_headers    = ["x-request-id"]
max_age           = "10m"
"#;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    cors: CorsPolicy,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // A mistake in the file ends the program here, with a message that lists all of them.
    let config: Config = toml::from_str(CONFIG).unwrap_or_else(|mistakes| {
        eprintln!("{mistakes}");
        std::process::exit(1)
    });

    // `PORT=0` takes any free port.
    let port = std::env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.unwrap_or_else(|error| {
        eprintln!(
            "cannot listen on port {port}: {error}. Choose another: PORT=4001 cargo run -p example-axum"
        );
        std::process::exit(1)
    });
    print_what_to_try(listener.local_addr()?);
    // Ctrl-C: requests that have begun are answered first.
    let interrupted = async { drop(tokio::signal::ctrl_c().await) };
    axum::serve(listener, app(config.cors)).with_graceful_shutdown(interrupted).await?;
    Ok(())
}

fn app(policy: CorsPolicy) -> Router {
    Router::new()
        .route("/items", get(list))
        .route("/items/{id}", put(replace).delete(remove))
        // Last, so outermost: the router's own 404 and 405 are decorated as well.
        .layer(CorsLayer::from(policy).on_denial(|denial, request| {
            let origin = request.headers().get(header::ORIGIN);
            println!("denied: {} {:?} from {origin:?}: {denial}", request.method(), request.uri().path());
        }))
}

async fn list() -> impl IntoResponse {
    ([("x-request-id", "1")], Json(["tea", "coffee"]))
}

async fn replace(Path(id): Path<u32>, Json(item): Json<String>) -> impl IntoResponse {
    ([("x-request-id", "2")], format!("item {id} is now {item}"))
}

async fn remove(Path(_id): Path<u32>) -> StatusCode {
    StatusCode::NO_CONTENT
}

fn print_what_to_try(address: std::net::SocketAddr) {
    println!("listening on http://{address}; try:

# A page that is allowed reads the list:
curl -i http://{address}/items -H 'Origin: https://app.example.com'

# Its browser sends a preflight before a PUT with JSON:
curl -i -X OPTIONS http://{address}/items/1 -H 'Origin: https://app.example.com' -H 'Access-Control-Request-Method: PUT' -H 'Access-Control-Request-Headers: content-type'

# A page that is not allowed gets a response that its browser does not let it read:
curl -i http://{address}/items -H 'Origin: https://evil.example'

# Its preflight is refused, and the service never sees it:
curl -i -X OPTIONS http://{address}/items/1 -H 'Origin: https://evil.example' -H 'Access-Control-Request-Method: DELETE'

# An allowed page can read errors too:
curl -i http://{address}/nowhere -H 'Origin: http://localhost:5173'
");
}
