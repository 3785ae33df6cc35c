//! A Model Context Protocol server that one web page may call and no other page: neither a stranger's, nor one whose name
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
use tower_cors::{CorsLayer, CorsPolicy, PolicyError};

/// What pages may do here: `page` is the origin of the one that may call this server, `here` are the server's own.
pub fn policy(here: &[String], page: &str) -> Result<CorsPolicy, PolicyError> {
    CorsPolicy::builder()
        .allow_origin(page)
        .allow_methods(["GET", "POST", "DELETE"])
        .allow_headers(["authorization", "content-type", "last-event-id", "mcp-method", "mcp-name"])
        .allow_headers(["mcp-protocol-version", "mcp-session-id"])
        .expose_headers(["mcp-session-id", "www-authenticate"])
        // A request from any other page ends here, with 403: the tools do not see it, whether it has a token or not.
        .reject_disallowed_origins(true)
        // So does one that was sent to any other name, with 421. This stops DNS rebinding, where the page has no other origin.
        .served_at(here)
        .build()
}

/// The tools, for those who have a token, behind the layer. `mcp` is what rmcp is told, and how it is told to end.
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
