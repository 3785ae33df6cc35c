//! Where a request stands to the service's own origin.

use http::header::{GetAll, HOST, HeaderValue};

use super::Denial;
use super::listener::Fact;
use crate::header::SEC_FETCH_SITE;
use crate::origin::{Origin, ServedAt, nearest, origins_at};
use crate::request::RequestHead;

/// Whether the request comes from a page of the very origin that it goes to, so that CORS does not apply (Fetch, main fetch, step
/// 12). Pages send `Origin` with every such request but GET and HEAD. `served_at` is what the policy knows of that origin.
pub(super) fn is_same_origin(
    request: RequestHead<'_>,
    origin: Result<Origin<'_>, Denial>,
    served_at: Option<&ServedAt>,
) -> bool {
    let is_at = |origin: &Origin<'_>| sent_to(request).is_some_and(|authority| origin.is_at(authority));
    if let Some(served_at) = served_at {
        // Nothing else is believed: a page that rebinds its name is same-origin to the browser, too.
        return origin.is_ok_and(|origin| served_at.has_origin(&origin) && is_at(&origin));
    }
    let headers = request.headers();
    if headers.contains_key(SEC_FETCH_SITE) {
        // The browser's word, which no script can forge (Fetch Metadata, section 2.3); right behind any proxy, of every scheme.
        return single(&headers.get_all(SEC_FETCH_SITE)).is_some_and(|site| site == "same-origin");
    }
    // Browsers without it, and plain http to another machine: a guess, as a proxy may have changed what the request went to.
    let has_scheme = |origin: &Origin<'_>| {
        let scheme = request.uri().authority().and(request.uri().scheme_str());
        scheme.is_none_or(|scheme| scheme == origin.scheme())
    };
    origin.is_ok_and(|origin| has_scheme(&origin) && is_at(&origin))
}

/// The authority that a request was sent to, where it names exactly one. The target's counts before the `Host` (RFC 9112, section
/// 3.2.2); over HTTP/2 it is `:authority`.
pub(crate) fn sent_to(request: RequestHead<'_>) -> Option<&[u8]> {
    match request.uri().authority() {
        Some(authority) => Some(authority.as_str().as_bytes()),
        None => single(&request.headers().get_all(HOST)).map(HeaderValue::as_bytes),
    }
}

/// Whether a request was sent to one of the service's own origins. Which host one means that names none or two, nobody knows: RFC
/// 9112, section 3.2.
#[inline]
pub(super) fn is_sent_to_own(request: RequestHead<'_>, served_at: &ServedAt) -> bool {
    sent_to(request).is_some_and(|authority| served_at.has_authority(authority))
}

/// What is wrong with the authority of a request that is not the service's.
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
