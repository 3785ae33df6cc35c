//! Where a request stands to the service's own origin.

use http::header::{GetAll, HOST, HeaderValue};

use super::Denial;
use crate::header::SEC_FETCH_SITE;
use crate::origin::Origin;
use crate::request::RequestHead;

/// Whether the request comes from a page of the very origin that it goes to, so that CORS does not apply (Fetch, main fetch, step
/// 12). Pages send `Origin` with every such request but GET and HEAD.
pub(super) fn is_same_origin(request: RequestHead<'_>, origin: Result<Origin<'_>, Denial>) -> bool {
    let headers = request.headers();
    if headers.contains_key(SEC_FETCH_SITE) {
        // The browser's word, which no script can forge (Fetch Metadata, section 2.3); right behind any proxy, of every scheme.
        return single(&headers.get_all(SEC_FETCH_SITE)).is_some_and(|site| site == "same-origin");
    }
    // Browsers without it, and plain http to another machine: a guess, as a proxy may have changed what the request went to.
    origin.is_ok_and(|origin| is_sent_to(request, &origin))
}

/// Whether an origin is where a request was sent to: RFC 9110, section 7.2.
fn is_sent_to(request: RequestHead<'_>, origin: &Origin<'_>) -> bool {
    if let Some(authority) = request.uri().authority() {
        let scheme = request.uri().scheme_str();
        return scheme.is_none_or(|scheme| scheme == origin.scheme())
            && is_of(authority.as_str().as_bytes(), origin);
    }
    single(&request.headers().get_all(HOST)).is_some_and(|host| is_of(host.as_bytes(), origin))
}

/// Hosts are compared in any case; a default port may be named or not. What is longer than the origin is not read.
fn is_of(authority: &[u8], origin: &Origin<'_>) -> bool {
    let default_port: &[u8] = match origin.scheme() {
        "http" => b":80",
        "https" => b":443",
        // Pages of any other scheme are not fetched from an HTTP server.
        _ => return false,
    };
    let Some((host, port)) = authority.split_at_checked(origin.authority().len()) else {
        return false;
    };
    host.eq_ignore_ascii_case(origin.authority().as_bytes())
        && (port.is_empty() || (port == default_port && origin.port().is_none()))
}

fn single<'a>(lines: &GetAll<'a, HeaderValue>) -> Option<&'a HeaderValue> {
    let mut lines = lines.iter();
    match (lines.next(), lines.next()) {
        (Some(line), None) => Some(line),
        _ => None,
    }
}
