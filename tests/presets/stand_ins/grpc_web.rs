//! A gRPC-web service, in its binary and its text format.

use axum::body::Body;
use axum::http::{Method, header};
use axum::response::Response;

use super::{Asked, with};

/// The flag of a frame that has the trailers.
const TRAILERS: u8 = 0x80;
/// `google.rpc.Status { code: 5, message: "No", details: [Any { type_url: "type.googleapis.com/test.Detail" }] }`, in base64.
const DETAILS: &str = "CAUSAk5vGiEKH3R5cGUuZ29vZ2xlYXBpcy5jb20vdGVzdC5EZXRhaWw";

pub(crate) fn respond(asked: &Asked<'_>) -> Response {
    let ok = || frame(TRAILERS, b"grpc-status: 0\r\n");
    match (&asked.method, asked.path) {
        (&Method::POST, "test.Echo/Say") => body(asked, [message("Hello"), ok()].concat()),
        (&Method::POST, "test.Echo/Stream") => body(asked, [message("Hel"), message("lo"), ok()].concat()),
        (&Method::POST, "test.Echo/Fail") => {
            body(asked, frame(TRAILERS, b"grpc-status: 5\r\ngrpc-message: No\r\n"))
        }
        (&Method::POST, "test.Echo/FailAtOnce") => with(
            body(asked, Vec::new()),
            &[("grpc-status", "5"), ("grpc-message", "No"), ("grpc-status-details-bin", DETAILS)],
        ),
        _ => asked.unknown(),
    }
}

/// `google.protobuf.StringValue`: field 1, a short string.
fn message(text: &str) -> Vec<u8> {
    let length = u8::try_from(text.len()).expect("a short text");
    frame(0, &[&[10, length], text.as_bytes()].concat())
}

pub(crate) fn frame(flag: u8, bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).expect("a short frame").to_be_bytes();
    [&[flag], &length[..], bytes].concat()
}

fn body(asked: &Asked<'_>, bytes: Vec<u8>) -> Response {
    let content_type = asked.headers.get(header::CONTENT_TYPE).cloned();
    let is_text =
        content_type.as_ref().is_some_and(|value| value.as_bytes().starts_with(b"application/grpc-web-text"));
    let body = if is_text { Body::from(base64(&bytes)) } else { Body::from(bytes) };
    let mut response = Response::new(body);
    response.headers_mut().extend(content_type.map(|value| (header::CONTENT_TYPE, value)));
    response
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits = |chunk: &[u8]| {
        let bits = (0..3)
            .fold(0, |bits, index| bits << 8 | u32::from(chunk.get(index).copied().unwrap_or_default()));
        let digit = move |index: usize| char::from(DIGITS[(bits >> (18 - 6 * index) & 63) as usize]);
        let (some, padding) = (chunk.len() + 1, 3 - chunk.len());
        (0..some).map(digit).chain(std::iter::repeat_n('=', padding)).collect::<String>()
    };
    bytes.chunks(3).map(digits).collect()
}
