//! How a request relates to the service's own origin.

use http::header::{GetAll, HOST, HeaderValue};

use super::Denial;
use super::listener::Fact;
use crate::header::SEC_FETCH_SITE;
use crate::origin::{Origin, ServedAt, nearest, origins_at};
use crate::request::RequestHead;

/// Whether the request is same-origin, so CORS does not apply (Fetch, main fetch, step 12). Pages send `Origin` with every such
/// request except GET and HEAD. `served_at` has the service's own origins, if the policy names them.
pub(super) fn is_same_origin(
    request: RequestHead<'_>,
    origin: Result<Origin<'_>, Denial>,
    served_at: Option<&ServedAt>,
) -> bool {
    let is_at = |origin: &Origin<'_>| sent_to(request).is_some_and(|authority| origin.is_at(authority));
    if let Some(served_at) = served_at {
        // Nothing else is trusted: after DNS rebinding, an attacker's page is same-origin for the browser, too.
        return origin.is_ok_and(|origin| served_at.has_origin(&origin) && is_at(&origin));
    }
    let headers = request.headers();
    if headers.contains_key(SEC_FETCH_SITE) {
        // Set by the browser, and no script can forge it (Fetch Metadata, section 2.3). It is right behind any proxy, and for
        // every scheme.
        return single(&headers.get_all(SEC_FETCH_SITE)).is_some_and(|site| site == "same-origin");
    }
    // Older browsers, and plain http to another machine. This is a guess, since a proxy may have changed the host.
    let has_scheme = |origin: &Origin<'_>| {
        let scheme = request.uri().authority().and(request.uri().scheme_str());
        scheme.is_none_or(|scheme| scheme == origin.scheme())
    };
    origin.is_ok_and(|origin| has_scheme(&origin) && is_at(&origin))
}

/// The authority that a request was sent to, if it names exactly one. The target's authority takes precedence over `Host` (RFC
/// 9112, section 3.2.2); over HTTP/2 it is `:authority`.
pub(crate) fn sent_to(request: RequestHead<'_>) -> Option<&[u8]> {
    match request.uri().authority() {
        Some(authority) => Some(authority.as_str().as_bytes()),
        None => single(&request.headers().get_all(HOST)).map(HeaderValue::as_bytes),
    }
}

/// Whether a request was sent to one of the service's own origins. A request without a host, or with two, was not: RFC 9112,
/// section 3.2.
#[inline]
pub(super) fn is_sent_to_own(request: RequestHead<'_>, served_at: &ServedAt) -> bool {
    sent_to(request).is_some_and(|authority| served_at.has_authority(authority))
}

/// Why the authority of a request is not the service's.
pub(super) fn foreign(request: RequestHead<'_>, served_at: &ServedAt) -> Fact {
    let Some(authority) = sent_to(request) else {
        return match request.headers().get_all(HOST).iter().count() {
            0 => Fact::NoHost,
            count => Fact::SeveralHosts { count },
        };
    };
    let candidates = origins_at(authority, request.uri().scheme_str());
    let compare = |text: &String| {
        let nearest = nearest(Origin::parse(text).ok()?, served_at.origins().patterns())?;
        Some((text.clone(), nearest))
    };
    match candidates.iter().filter_map(compare).min_by_key(|(_, nearest)| nearest.difference) {
        Some((origin, nearest)) => Fact::ForeignHost { origin: Some(origin), nearest: Some(nearest) },
        None => Fact::ForeignHost { origin: candidates.into_iter().next(), nearest: None },
    }
}

fn single<'a>(lines: &GetAll<'a, HeaderValue>) -> Option<&'a HeaderValue> {
    let mut lines = lines.iter();
    match (lines.next(), lines.next()) {
        (Some(line), None) => Some(line),
        _ => None,
    }
}
