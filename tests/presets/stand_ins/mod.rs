//! Small servers that speak the wire formats of the real ones.

pub(crate) mod anthropic;
pub(crate) mod connect;
pub(crate) mod graphql;
pub(crate) mod grpc_web;
pub(crate) mod mcp;
pub(crate) mod openai;
pub(crate) mod sse;
pub(crate) mod trace;
pub(crate) mod tus;

use std::fmt::Write as _;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::Value;

/// A request as a stand-in sees it.
pub(crate) struct Asked<'a> {
    pub(crate) method: Method,
    /// The client's base URL.
    pub(crate) base: &'a str,
    /// The path after the client's base URL, without the first slash and the query.
    pub(crate) path: &'a str,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
    /// The fact that the page is about to check.
    pub(crate) fact: &'a str,
    /// 1 for the first request to this address with this method.
    pub(crate) attempt: usize,
}

impl Asked<'_> {
    /// Whether the body contains this text.
    pub(crate) fn says(&self, text: &str) -> bool {
        self.body.windows(text.len()).any(|window| window == text.as_bytes())
    }

    /// The answer to a request that the client should not send.
    pub(crate) fn unknown(&self) -> Response {
        eprintln!("no answer to {} {} ({})", self.method, self.path, self.fact);
        StatusCode::NOT_IMPLEMENTED.into_response()
    }
}

pub(crate) fn json(status: StatusCode, value: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], value.to_string()).into_response()
}

/// Server-sent events without names.
pub(crate) fn events(data: &[String]) -> Response {
    event_stream(data.iter().fold(String::new(), |mut text, data| {
        let _ = write!(text, "data: {data}\n\n");
        text
    }))
}

pub(crate) fn named_events(events: &[(&str, Value)]) -> Response {
    event_stream(events.iter().fold(String::new(), |mut text, (name, data)| {
        let _ = write!(text, "event: {name}\ndata: {data}\n\n");
        text
    }))
}

pub(crate) fn event_stream(text: String) -> Response {
    Response::builder()
        .header(header::CONTENT_TYPE, "text/event-stream")
        .body(Body::from(text))
        .expect("a valid header")
}

pub(crate) fn with(mut response: Response, headers: &[(&'static str, &'static str)]) -> Response {
    for (name, value) in headers {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
}
