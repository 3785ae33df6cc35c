//! What a proxy may pass on: headers of one connection end with it (RFC 9110, section 7.6.1).

use std::net::IpAddr;

use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

/// Those that old peers do not name in `Connection`.
const HOP_BY_HOP: [HeaderName; 9] = [
    header::CONNECTION,
    header::PROXY_AUTHENTICATE,
    header::PROXY_AUTHORIZATION,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
];

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// Removes what is for this connection alone.
pub(crate) fn remove_hop_by_hop(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in named.iter().chain(&HOP_BY_HOP) {
        headers.remove(name);
    }
}

/// The protocol that a message changes to: a WebSocket's handshake, and its answer.
pub(crate) fn upgrade(headers: &HeaderMap) -> Option<HeaderValue> {
    let connection = headers.get_all(header::CONNECTION).iter().filter_map(|line| line.to_str().ok());
    let asks =
        connection.flat_map(|line| line.split(',')).any(|name| name.trim().eq_ignore_ascii_case("upgrade"));
    headers.get(header::UPGRADE).filter(|_| asks).cloned()
}

/// What the service has to know of the client: what the client itself says about it is not believed.
pub(crate) fn forwarded(headers: &mut HeaderMap, client: Option<IpAddr>, upstream: &Authority) {
    for name in [X_FORWARDED_FOR, X_FORWARDED_HOST, header::FORWARDED] {
        headers.remove(name);
    }
    if let Some(address) = client.and_then(|client| HeaderValue::try_from(client.to_string()).ok()) {
        headers.insert(X_FORWARDED_FOR, address);
    }
    headers.insert(X_FORWARDED_PROTO, HeaderValue::from_static("http"));
    let host = HeaderValue::try_from(upstream.as_str());
    if let Some(host) = host.ok().and_then(|host| headers.insert(header::HOST, host)) {
        headers.insert(X_FORWARDED_HOST, host);
    }
}
