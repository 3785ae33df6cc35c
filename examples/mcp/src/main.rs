//! A Model Context Protocol server that one web page may call and no other page: neither a stranger's, nor one whose name
//! an attacker points to this machine (DNS rebinding).
//!
//! `cargo run -p example-mcp` prints its address, the page's, and what to try.

mod page;
mod serve;
mod token;
mod tools;

use axum::http::header;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use axum::{Json, Router};
use rmcp::transport::StreamableHttpServerConfig;
use tower_cors::{CorsLayer, CorsPolicy, PolicyError};

/// What pages may do here. `here` is this server's own origin, `page` that of the page that may call it.
fn policy(here: &str, page: &str) -> Result<CorsPolicy, PolicyError> {
    let _ = here;
    CorsPolicy::builder()
        .allow_origin(page)
        .allow_methods(["GET", "POST", "DELETE"])
        .allow_headers(["authorization", "content-type", "last-event-id", "mcp-method", "mcp-name"])
        .allow_headers(["mcp-protocol-version", "mcp-session-id"])
        .expose_headers(["mcp-session-id", "www-authenticate"])
        // A request from another page is refused before the service runs, a simple one too: 403.
        .reject_disallowed_origins(true)
        .build()
}

fn app(policy: CorsPolicy, here: &str, mcp: StreamableHttpServerConfig) -> Router {
    let metadata = token::Metadata::new(here);
    Router::new()
        .route_service("/mcp", tools::service(mcp))
        .route_layer(from_fn_with_state(token::challenge(here), token::require))
        .route(token::METADATA_PATH, get(async || Json(metadata)))
        // Last, so outermost: a preflight carries no token, and the page must be able to read the 401.
        .layer(CorsLayer::from(policy).on_denial(|denial, request| {
            let origin = request.headers().get(header::ORIGIN);
            println!("denied: {} {:?} from {origin:?}: {denial}", request.method(), request.uri().path());
        }))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // The page has the next port, and so an origin of its own. `PORT=0` takes any two free ports.
    let port = std::env::var("PORT").map_or(Ok(3003), |port| port.parse())?;
    let [(server, here), (site, page)] = serve::listen(port).await.unwrap_or_else(|error| {
        eprintln!("{error}");
        std::process::exit(1)
    });

    let mcp = StreamableHttpServerConfig::default();
    let end = mcp.cancellation_token.clone();
    let app = app(policy(&here, &page)?, &here, mcp);
    let interrupted = serve::interrupted()?;
    print_what_to_try(&here, &page);

    let ended = end.clone();
    tokio::spawn(async move {
        interrupted.await;
        // The streams as well, which otherwise stay open as long as their clients.
        end.cancel();
    });
    let servers = [(server, app), (site, page::app(&here))];
    serve::until(|| ended.clone().cancelled_owned(), servers).await
}

fn print_what_to_try(here: &str, page: &str) {
    println!(
        "open {page} in a browser: a page that may call {here}/mcp with the token `secret`; or try:

# Without a token: 401, which says where the metadata is. The page can read that.
curl -i {here}/mcp -H 'Origin: {page}' -d ''
curl -i {here}{metadata} -H 'Origin: {page}'

# What the page's browser asks before it calls a tool:
curl -i -X OPTIONS {here}/mcp -H 'Origin: {page}' -H 'Access-Control-Request-Method: POST' -H 'Access-Control-Request-Headers: authorization,content-type,mcp-method,mcp-name,mcp-protocol-version'

# A page of a stranger is refused, even if it has the token:
curl -i {here}/mcp -H 'Origin: http://stranger.example' -H 'Authorization: Bearer secret' -d ''

# So is a page that reached this machine by a name of its own, and sends no Origin:
curl -i {here}/mcp -H 'Host: rebound.example' -H 'Authorization: Bearer secret'
",
        metadata = token::METADATA_PATH,
    );
}
