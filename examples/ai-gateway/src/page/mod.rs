//! The chat page's server: only its files. It needs no CORS; the gateway does.

use axum::Router;
use axum::http::header;
use axum::response::{AppendHeaders, IntoResponse};
use axum::routing::get;

const INDEX: &str = include_str!("index.html");

const FILES: [(&str, &str, &str); 7] = [
    ("/style.css", "text/css", include_str!("style.css")),
    ("/message.css", "text/css", include_str!("message.css")),
    ("/chat.js", "text/javascript", include_str!("chat.js")),
    ("/gateway.js", "text/javascript", include_str!("gateway.js")),
    ("/message.js", "text/javascript", include_str!("message.js")),
    ("/session.js", "text/javascript", include_str!("session.js")),
    ("/icon.svg", "image/svg+xml", include_str!("icon.svg")),
];

pub(crate) fn app(gateway: &str) -> Router {
    let index = INDEX.replace("{gateway}", gateway);
    // The page may call only this gateway and run only these scripts: a model's answer is only text.
    let csp = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src {gateway}; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    );
    let page = Router::new().route(
        "/",
        get(async || {
            let headers = AppendHeaders([
                (header::CONTENT_SECURITY_POLICY, csp),
                (header::REFERRER_POLICY, "no-referrer".to_owned()),
            ]);
            (headers, file("text/html", index))
        }),
    );
    FILES.into_iter().fold(page, |page, (path, media_type, text)| {
        page.route(path, get(async move || file(media_type, text)))
    })
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
