//! A service of the Connect protocol.

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use axum::response::Response;
use serde_json::json;

use super::grpc_web::frame;
use super::{Asked, json, with};

/// The flag of the message that ends a stream.
const END: u8 = 2;

pub(crate) fn respond(asked: &Asked<'_>) -> Response {
    let is_binary = asked.headers.get(header::CONTENT_TYPE).is_some_and(|value| value == "application/proto");
    let fail = || {
        let details = json!([{ "type": "test.Detail", "value": "" }]);
        json(StatusCode::NOT_FOUND, &json!({ "code": "not_found", "message": "No", "details": details }))
    };
    match (&asked.method, asked.path) {
        (&Method::POST, "test.Echo/Say") if is_binary => {
            with(Response::new(Body::from(&b"\n\x05Hello"[..])), &[("content-type", "application/proto")])
        }
        (&Method::POST, "test.Echo/Say") | (&Method::GET, "test.Echo/Look") => {
            json(StatusCode::OK, &json!("Hello"))
        }
        (&Method::POST, "test.Echo/Stream") => {
            let frames = [frame(0, b"\"Hel\""), frame(0, b"\"lo\""), frame(END, b"{}")];
            with(Response::new(Body::from(frames.concat())), &[("content-type", "application/connect+json")])
        }
        (&Method::POST, "test.Echo/Fail" | "test.Echo/FailAtOnce") => fail(),
        _ => asked.unknown(),
    }
}
