//! GraphQL over HTTP, with one answer.

use axum::http::{Method, StatusCode};
use axum::response::Response;
use serde_json::json;

use super::{Asked, json};

pub(crate) fn respond(asked: &Asked<'_>) -> Response {
    match (&asked.method, asked.path) {
        (&Method::GET | &Method::POST, "graphql") => {
            json(StatusCode::OK, &json!({ "data": { "greeting": "Hello" } }))
        }
        _ => asked.unknown(),
    }
}
