//! A stranger's pages: one to open by itself, and one that the playground loads in frames, to make requests from another
//! origin.

use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use tower_cors::{CorsLayer, CorsPolicy, PolicyError};

use super::Origins;
use super::page::{self, file, script};

pub(super) fn app(origins: &Origins) -> Result<Router, PolicyError> {
    let Origins { page, api, .. } = origins;
    let own_csp = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self' {api}; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    let frame_csp =
        format!("default-src 'none'; script-src 'self'; connect-src {api}; frame-ancestors {page}");
    let origins = origins.clone();
    // A sandboxed frame has the origin `null`, and its modules need CORS.
    let public = CorsPolicy::builder().allow_any_origin().build()?;
    Ok(Router::new()
        .route("/", get(|| html(own_csp, include_str!("../page/stranger.html"))))
        .route("/stranger.js", get(|| script(include_str!("../page/stranger.js"))))
        .route("/origins", get(async || Json(origins)))
        .route("/frame.html", get(|| html(frame_csp, include_str!("../page/frame.html"))))
        .route("/frame.js", get(|| script(include_str!("../page/frame.js"))))
        .merge(page::shared())
        .layer(CorsLayer::from(public)))
}

async fn html(csp: String, text: &'static str) -> impl IntoResponse {
    ([(header::CONTENT_SECURITY_POLICY, csp)], file("text/html", text).await)
}
