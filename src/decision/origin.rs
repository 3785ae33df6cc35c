//! Whose request it is: the `Origin` header judged by the policy's rules.

use http::HeaderMap;
use http::header::{HOST, HeaderName, HeaderValue, ORIGIN};

use super::Denial;
use crate::origin::{Lookup, Origin};
use crate::policy::rules::OriginRules;
use crate::request::RequestHead;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// What the rules say of a request's origin.
#[derive(Clone, Copy, Debug)]
pub(super) enum Verdict<'a> {
    /// It has no `Origin`: it is no CORS request.
    NoOrigin,
    /// Allowed, with the header to echo.
    Allowed(&'a HeaderValue),
    Refused(Denial, Option<Origin<'a>>),
}

impl<'a> Verdict<'a> {
    pub(super) fn of(request: RequestHead<'a>, rules: &OriginRules) -> Self {
        let mut lines = request.headers().get_all(ORIGIN).iter();
        match (lines.next(), lines.next()) {
            (None, _) => Self::NoOrigin,
            (Some(value), None) => Self::of_value(value, request, rules),
            // RFC 6454, section 7.3: one at most. Which one a cache or the service would read, nobody knows.
            (Some(_), Some(_)) => Self::Refused(Denial::SeveralOrigins, None),
        }
    }

    fn of_value(value: &'a HeaderValue, request: RequestHead<'a>, rules: &OriginRules) -> Self {
        if value == "null" {
            // "Any" is `*`, which browsers let `null` pass with; every other rule is about origins that have a name.
            let allowed = rules.null || rules.any;
            return if allowed { Self::Allowed(value) } else { Self::Refused(Denial::NullOrigin, None) };
        }
        match rules.set.look_up(value.as_bytes()) {
            Lookup::Match => Self::Allowed(value),
            Lookup::Miss(origin)
                if rules.any || rules.predicates.iter().any(|p| p.allows(&origin, request)) =>
            {
                Self::Allowed(value)
            }
            Lookup::Miss(origin) => Self::Refused(Denial::OriginNotAllowed, Some(origin)),
            Lookup::Malformed => Self::Refused(Denial::MalformedOrigin, None),
        }
    }
}

/// Whether the request comes from a page of the very origin that it goes to, so that a browser asks CORS nothing: Fetch,
/// main fetch, step 12. Pages send `Origin` with every such request but GET and HEAD.
pub(super) fn is_same_origin(request: RequestHead<'_>, origin: Option<Origin<'_>>) -> bool {
    // The browser's word, which no script can forge (Fetch Metadata, section 2.3); right behind any proxy.
    is_single(request.headers(), SEC_FETCH_SITE, "same-origin")
        // Browsers without it, and plain http to another machine.
        || origin.is_some_and(|origin| authority(request).is_some_and(|authority| names(authority, &origin)))
}

/// The host and port that the request was sent to: RFC 9110, section 7.2.
fn authority(request: RequestHead<'_>) -> Option<&str> {
    if let Some(authority) = request.uri().authority() {
        return Some(authority.as_str());
    }
    let mut lines = request.headers().get_all(HOST).iter();
    match (lines.next(), lines.next()) {
        (Some(host), None) => host.to_str().ok(),
        _ => None,
    }
}

/// Hosts are compared in any case; a default port may be named or not.
fn names(authority: &str, origin: &Origin<'_>) -> bool {
    let without_default_port = origin.default_port().and_then(|port| {
        let (host, digits) = authority.rsplit_once(':')?;
        (digits.parse() == Ok(port)).then_some(host)
    });
    without_default_port.unwrap_or(authority).eq_ignore_ascii_case(origin.authority())
}

fn is_single(headers: &HeaderMap, name: HeaderName, value: &str) -> bool {
    let mut lines = headers.get_all(name).iter();
    lines.next().is_some_and(|line| line == value) && lines.next().is_none()
}
