//! Headers about one connection, not about the message: RFC 9110, section 7.6.1.

use axum::body::Body;
use axum::http::header::{self, Entry, HeaderName};
use axum::http::{HeaderMap, HeaderValue, Method, Request};

/// Headers that are removed even if `Connection` does not name them.
///
/// With `TE` and `Trailer` gone, trailers end here: RFC 9110, section 6.5.1, leaves that to the gateway.
const HOP_BY_HOP: [HeaderName; 9] = [
    header::CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    header::PROXY_AUTHENTICATE,
    header::PROXY_AUTHORIZATION,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// Removes them, and the headers that `Connection` names.
pub(super) fn remove(headers: &mut HeaderMap) {
    // If both were sent, the length is not valid and must not be sent on (RFC 9112, section 6.3): a server behind this one
    // that believed it would read the rest of the body as another request. hyper ignores the length, but may leave it in.
    if headers.contains_key(header::TRANSFER_ENCODING) {
        headers.remove(header::CONTENT_LENGTH);
    }
    let named: Vec<HeaderName> =
        tokens(headers, &header::CONNECTION).filter_map(|token| token.parse().ok()).collect();
    for name in named.into_iter().chain(HOP_BY_HOP) {
        // Every line of it.
        if let Entry::Occupied(entry) = headers.entry(name) {
            entry.remove_entry_mult();
        }
    }
}

/// The only protocol to switch to. Passing on `Upgrade: h2c` would open a tunnel past every rule of this gateway.
pub(super) fn asks_for_websocket(request: &Request<Body>) -> bool {
    request.method() == Method::GET && names_websocket(request.headers())
}

pub(super) fn names_websocket(headers: &HeaderMap) -> bool {
    let names = |name, token: &str| tokens(headers, &name).any(|each| each.eq_ignore_ascii_case(token));
    names(header::CONNECTION, "upgrade") && names(header::UPGRADE, "websocket")
}

/// Sends the upgrade, or its acceptance, to the next hop.
pub(super) fn ask_for_websocket(headers: &mut HeaderMap) {
    headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
}

fn tokens<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    let lines = headers.get_all(name).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(|token| token.trim_matches([' ', '\t']))
}
