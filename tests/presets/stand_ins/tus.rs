//! A server of resumable uploads.

use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse as _, Response};

use super::{Asked, with};

pub(crate) fn respond(asked: &Asked<'_>) -> Response {
    let is_patch = asked.method == Method::PATCH || asked.headers.contains_key("x-http-method-override");
    match (&asked.method, asked.path) {
        (&Method::POST, "files") => {
            // A draft's client sends the upload with its creation.
            let offset = asked.body.len().to_string();
            let location = format!("{}/files/1", asked.base);
            (StatusCode::CREATED, [("location", location), ("upload-offset", offset)]).into_response()
        }
        (_, "files/1" | "files/half") if is_patch => {
            let offset =
                asked.headers.get("upload-offset").and_then(|value| value.to_str().ok()?.parse().ok());
            let offset = offset.unwrap_or(0) + asked.body.len();
            (StatusCode::NO_CONTENT, [("upload-offset", offset.to_string())]).into_response()
        }
        (&Method::HEAD, "files/half") => {
            with(StatusCode::OK.into_response(), &[("upload-offset", "3"), ("upload-length", "5")])
        }
        (&Method::DELETE, "files/half") => StatusCode::NO_CONTENT.into_response(),
        _ => asked.unknown(),
    }
}
