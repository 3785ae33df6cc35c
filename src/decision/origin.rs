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

/// Why a preflight's origin is refused, for those who want to be told.
pub(super) fn denial(request: RequestHead<'_>) -> Denial {
    origin(request).err().unwrap_or(Denial::OriginNotAllowed)
}

/// Why any other request's origin is refused: not at all, if the request comes from a page of the very origin that it goes
/// to, so that a browser asks CORS nothing (Fetch, main fetch, step 12). Pages send `Origin` with every such request but
/// GET and HEAD.
pub(super) fn cross_origin_denial(request: RequestHead<'_>) -> Option<Denial> {
    // The browser's word, which no script can forge (Fetch Metadata, section 2.3); right behind any proxy.
    if is_single(request.headers(), SEC_FETCH_SITE, "same-origin") {
        return None;
    }
    match origin(request) {
        // Browsers without it, and plain http to another machine.
        Ok(origin) if authority(request).is_some_and(|authority| names(authority, &origin)) => None,
        Ok(_) => Some(Denial::OriginNotAllowed),
        Err(denial) => Some(denial),
    }
}

fn origin(request: RequestHead<'_>) -> Result<Origin<'_>, Denial> {
    let mut lines = request.headers().get_all(ORIGIN).iter();
    match (lines.next(), lines.next()) {
        (Some(_), Some(_)) => Err(Denial::SeveralOrigins),
        (Some(value), None) if value == NULL => Err(Denial::NullOrigin),
        (value, _) => {
            value.and_then(|value| Origin::from_bytes(value.as_bytes())).ok_or(Denial::MalformedOrigin)
        }
    }
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
    let left_out = origin.default_port().filter(|_| origin.port().is_none());
    let without_default_port = left_out.and_then(|port| {
        let (host, digits) = authority.rsplit_once(':')?;
        (parse_port(digits) == Some(port)).then_some(host)
    });
    without_default_port.unwrap_or(authority).eq_ignore_ascii_case(origin.authority())
}

fn is_single(headers: &HeaderMap, name: HeaderName, value: &str) -> bool {
    let mut lines = headers.get_all(name).iter();
    lines.next().is_some_and(|line| line == value) && lines.next().is_none()
}
