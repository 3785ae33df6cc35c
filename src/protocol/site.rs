//! Where a request stands to the service's own origin.

use http::HeaderMap;
use http::header::{HOST, HeaderName, HeaderValue};

use super::Denial;
use crate::origin::{Origin, parse_port};
use crate::request::RequestHead;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Whether the request comes from a page of the very origin that it goes to, so that CORS does not apply (Fetch, main fetch, step
/// 12). Pages send `Origin` with every such request but GET and HEAD.
pub(super) fn is_same_origin(request: RequestHead<'_>, origin: Result<Origin<'_>, Denial>) -> bool {
    // The browser's word, which no script can forge (Fetch Metadata, section 2.3); right behind any proxy.
    has_single(request.headers(), SEC_FETCH_SITE, "same-origin")
        // Browsers without it, and plain http to another machine.
        || origin.is_ok_and(|origin| authority(request).is_some_and(|authority| is_of(authority, &origin)))
}

/// The host and port that the request was sent to: RFC 9110, section 7.2.
fn authority(request: RequestHead<'_>) -> Option<&str> {
    if let Some(authority) = request.uri().authority() {
        return Some(authority.as_str());
    }
    single(request.headers(), HOST)?.to_str().ok()
}

/// Hosts are compared in any case; a default port may be named or not.
fn is_of(authority: &str, origin: &Origin<'_>) -> bool {
    let left_out = origin.default_port().filter(|_| origin.port().is_none());
    let without_default_port = left_out.and_then(|port| {
        let (host, digits) = authority.rsplit_once(':')?;
        (parse_port(digits) == Some(port)).then_some(host)
    });
    without_default_port.unwrap_or(authority).eq_ignore_ascii_case(origin.authority())
}

fn has_single(headers: &HeaderMap, name: HeaderName, value: &str) -> bool {
    single(headers, name).is_some_and(|line| line == value)
}

fn single(headers: &HeaderMap, name: HeaderName) -> Option<&HeaderValue> {
    let mut lines = headers.get_all(name).iter();
    match (lines.next(), lines.next()) {
        (Some(line), None) => Some(line),
        _ => None,
    }
}
