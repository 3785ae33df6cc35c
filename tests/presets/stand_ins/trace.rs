//! A service for any page.

use axum::http::Method;
use axum::response::{IntoResponse as _, Response};

use super::Asked;

pub(crate) fn respond(asked: &Asked<'_>) -> Response {
    match (&asked.method, asked.path) {
        (&Method::GET, "trace") => "Hello".into_response(),
        _ => asked.unknown(),
    }
}
