//! Requests to a router, and the comparison of whole header sets.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{Request, Response, header};
use http_body_util::BodyExt;
use tower::ServiceExt;

pub(crate) const APP: &str = "https://app.example.com";

/// A page that is allowed nowhere.
pub(crate) const STRANGER: &str = "https://stranger.example";

pub(crate) const CREDENTIALS: (&str, &str) = ("access-control-allow-credentials", "true");

/// The `Vary` of every answer to anything but a preflight.
pub(crate) const VARY: (&str, &str) = ("vary", "Origin");

/// The `Vary` of every answer to a preflight.
pub(crate) const PREFLIGHT_VARY: (&str, &str) =
    ("vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers");

/// A request without a body.
pub(crate) fn request(method: &str, headers: &[(&str, &str)]) -> Request<String> {
    let mut builder = Request::builder().method(method).uri("/");
    for (name, value) in headers {
        builder = builder.header(*name, *value);
    }
    builder.body(String::new()).expect("a request")
}

pub(crate) async fn send(app: &Router, request: Request<String>) -> Response<Bytes> {
    let Ok(response) = app.clone().oneshot(request.map(Body::from)).await;
    let (parts, body) = response.into_parts();
    Response::from_parts(parts, body.collect().await.expect("a whole body").to_bytes())
}

/// Checks all headers of a response.
#[track_caller]
pub(crate) fn assert_headers(response: &Response<Bytes>, expected: &[(&str, &str)]) {
    assert_headers_of(response, expected, "");
}

/// Checks all headers of one of several cases, so that one too many fails as one too few does. `content-length` is left out.
#[track_caller]
pub(crate) fn assert_headers_of(response: &Response<Bytes>, expected: &[(&str, &str)], case: &str) {
    let text = |value: &header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let mut actual: Vec<(String, String)> =
        response.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
    actual.retain(|(name, _)| name != "content-length");
    let mut expected: Vec<(String, String)> =
        expected.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    // Stable, so that several lines of one name stay in their order.
    actual.sort_by(|left, right| left.0.cmp(&right.0));
    expected.sort_by(|left, right| left.0.cmp(&right.0));
    assert_eq!(actual, expected, "{case}");
}
