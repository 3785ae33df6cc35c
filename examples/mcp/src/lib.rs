//! A Model Context Protocol server that only one web page may call: not a stranger's page, and not a page whose host name
//! an attacker points to this machine (DNS rebinding).
//!
//! `cargo run -p example-mcp` prints its address, the page's, and what to try.

pub mod page;
pub mod token;
mod tools;

use axum::http::header;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use axum::{Json, Router};
use rmcp::transport::StreamableHttpServerConfig;
use tower_cors::{CorsLayer, CorsPolicy, PolicyError, preset};

/// Which pages may call this server: the one at the origin `page`. `here` are the server's own origins.
pub fn policy(here: &[String], page: &str) -> Result<CorsPolicy, PolicyError> {
    CorsPolicy::builder()
        .allow_origin(page)
        // The headers that the protocol's clients send and read. Without one of them, clients fail, or fall back without an
        // error.
        .with(preset::MCP)
        // Requests from other pages end here with 403, before the tools run, even with a valid token.
        .reject_disallowed_origins(true)
        // Requests to other names end here with 421. This stops DNS rebinding, where the browser sees only one origin.
        .served_at(here)
        .build()
}

/// The tools, which need a token, and the metadata, which does not, behind the layer.
pub fn app(policy: CorsPolicy, here: &str, mcp: StreamableHttpServerConfig) -> Router {
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
