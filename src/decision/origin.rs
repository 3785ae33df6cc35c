//! Whose request it is: the `Origin` header judged by the policy's rules.

use http::HeaderMap;
use http::header::{HOST, HeaderName, HeaderValue, ORIGIN};

use super::Denial;
use crate::origin::{Origin, parse_port};
use crate::policy::rules::{NULL, OriginRules};
use crate::request::RequestHead;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// What the rules say of a request's origin.
#[derive(Clone, Copy, Debug)]
pub(super) enum Verdict<'a> {
    /// It has no `Origin`: it is no CORS request.
    NoOrigin,
    /// Allowed, with the header to echo.
    Allowed(&'a HeaderValue),
    Refused,
}

impl<'a> Verdict<'a> {
    #[inline]
    pub(super) fn of(request: RequestHead<'a>, rules: &OriginRules) -> Self {
        let mut lines = request.headers().get_all(ORIGIN).iter();
        match (lines.next(), lines.next()) {
            (None, _) => Self::NoOrigin,
            (Some(value), None) if rules.allow(value.as_bytes(), request) => Self::Allowed(value),
            // RFC 6454, section 7.3: one line at most. Which of two a cache or the service would read, nobody knows.
            (Some(_), _) => Self::Refused,
        }
    }
}

/// Why the rules refuse a request's origin, for those who want to be told.
pub(super) fn denial(request: RequestHead<'_>) -> Denial {
    let mut lines = request.headers().get_all(ORIGIN).iter();
    match (lines.next(), lines.next()) {
        (Some(_), Some(_)) => Denial::SeveralOrigins,
        (Some(value), None) if value == NULL => Denial::NullOrigin,
        (Some(value), None) if Origin::from_bytes(value.as_bytes()).is_some() => Denial::OriginNotAllowed,
        _ => Denial::MalformedOrigin,
    }
}

/// Whether the request comes from a page of the very origin that it goes to, so that a browser asks CORS nothing: Fetch,
/// main fetch, step 12. Pages send `Origin` with every such request but GET and HEAD.
pub(super) fn is_same_origin(request: RequestHead<'_>) -> bool {
    // The browser's word, which no script can forge (Fetch Metadata, section 2.3); right behind any proxy.
    is_single(request.headers(), SEC_FETCH_SITE, "same-origin")
        // Browsers without it, and plain http to another machine.
        || authority(request).zip(single_origin(request)).is_some_and(|(authority, origin)| names(authority, &origin))
}

fn single_origin(request: RequestHead<'_>) -> Option<Origin<'_>> {
    let mut lines = request.headers().get_all(ORIGIN).iter();
    let origin = Origin::from_bytes(lines.next()?.as_bytes())?;
    lines.next().is_none().then_some(origin)
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
        (parse_port(digits) == Some(port)).then_some(host)
    });
    without_default_port.unwrap_or(authority).eq_ignore_ascii_case(origin.authority())
}

fn is_single(headers: &HeaderMap, name: HeaderName, value: &str) -> bool {
    let mut lines = headers.get_all(name).iter();
    lines.next().is_some_and(|line| line == value) && lines.next().is_none()
}
