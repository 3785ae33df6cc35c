//! The page that may call the server: its files. No other origin needs them.

use axum::Router;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;

pub fn app(server: &str) -> Router {
    let csp = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src {server}; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'"
    );
    let index = include_str!("page/index.html").replace("{server}", server);
    Router::new()
        .route("/", get(|| async { ([(header::CONTENT_SECURITY_POLICY, csp)], file("text/html", index)) }))
        .route("/app.js", get(|| async { file("text/javascript", include_str!("page/app.js")) }))
        .route("/mcp.js", get(|| async { file("text/javascript", include_str!("page/mcp.js")) }))
        .route("/style.css", get(|| async { file("text/css", include_str!("page/style.css")) }))
}

/// Never stored, so a new build is seen at the next reload.
fn file(media_type: &str, text: impl IntoResponse) -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, format!("{media_type}; charset=utf-8")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    (headers, text)
}
