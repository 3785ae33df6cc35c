//! A stream of events that breaks off.

use axum::http::Method;
use axum::response::Response;

use super::{Asked, event_stream};

pub(crate) fn respond(asked: &Asked<'_>) -> Response {
    match (&asked.method, asked.path, asked.headers.get("last-event-id")) {
        (&Method::GET, "events", None) => event_stream("retry: 10\nid: 1\ndata: Hel\n\n".to_owned()),
        (&Method::GET, "events", Some(id)) if id == "1" => event_stream("data: lo\n\n".to_owned()),
        _ => asked.unknown(),
    }
}
