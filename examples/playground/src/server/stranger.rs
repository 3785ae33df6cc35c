//! Somebody else's page, shown in a frame: it makes the same requests from another origin.

use axum::Router;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use tower_cors::{CorsLayer, CorsPolicy, PolicyError};

use super::Origins;
use super::page::{file, script};

/// Makes a request and tells what a script sees of it. The page itself has the same one.
pub(super) const ATTEMPT: &str = include_str!("../page/attempt.js");

pub(super) fn app(origins: &Origins) -> Result<Router, PolicyError> {
    let Origins { page, api, .. } = origins;
    let csp = format!("default-src 'none'; script-src 'self'; connect-src {api}; frame-ancestors {page}");
    let html = async || {
        (
            [(header::CONTENT_SECURITY_POLICY, csp)],
            file("text/html", include_str!("../page/frame.html")).await,
        )
            .into_response()
    };
    // Sandboxed, the frame has the origin `null`, and modules are fetched by the rules of CORS.
    let public = CorsPolicy::builder().allow_any_origin().build()?;
    Ok(Router::new()
        .route("/frame.html", get(html))
        .route("/frame.js", get(|| script(include_str!("../page/frame.js"))))
        .route("/attempt.js", get(|| script(ATTEMPT)))
        .layer(CorsLayer::from(public)))
}
