//! The heads of requests and responses, as they go over the wire: `PUT /items/1 HTTP/1.1`, `HTTP/2 200`, and their headers.
//!
//! Browsers and curl write those of HTTP/2 and HTTP/3 in the same shape, and sometimes with pseudo-headers: `:method: PUT`.

use http::uri::Authority;
use http::{Response, StatusCode};

use super::written::{MAX_HEADERS, Written, valid};
use crate::machine::is_this_machine;

/// `PUT /items/1 HTTP/1.1`: the method and the target.
pub(super) fn request_line(line: &str) -> Option<(&str, &str)> {
    let mut words = line.split_ascii_whitespace();
    let (method, target, version) = (words.next()?, words.next()?, words.next()?);
    let is_method =
        method.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte));
    (is_method && is_version(version) && words.next().is_none()).then_some((method, target))
}

/// `HTTP/1.1 204 No Content`.
pub(super) fn status_line(line: &str) -> Option<StatusCode> {
    let mut words = line.split_ascii_whitespace();
    words.next().filter(|version| is_version(version))?;
    words.next()?.parse().ok()
}

/// `HTTP/1.1`, `HTTP/2`, `HTTP/2.0`, `HTTP/3`.
fn is_version(word: &str) -> bool {
    let version = word.strip_prefix("HTTP/").unwrap_or_default();
    let mut bytes = version.bytes();
    bytes.next().is_some_and(|byte| byte.is_ascii_digit())
        && matches!(version.len(), 1 | 3)
        && bytes.all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// `name: value`, or a pseudo-header `:name: value`.
pub(super) fn header(line: &str) -> Option<(&str, &str)> {
    let colon = line.get(1..)?.find(':')? + 1;
    let (name, value) = (&line[..colon], &line[colon + 1..]);
    let is_name = |name: &str| {
        name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
    };
    is_name(name.strip_prefix(':').unwrap_or(name)).then_some((name, value.trim()))
}

pub(super) fn response(status: StatusCode) -> Response<()> {
    let mut response = Response::new(());
    *response.status_mut() = status;
    response
}

/// Adds a header to a response. Leaves out headers that are not valid in HTTP, and those beyond the bound.
pub(super) fn add(response: &mut Response<()>, name: &str, value: &str) {
    let headers = response.headers_mut();
    if let Some((name, value)) = valid(name, value).filter(|_| headers.len() < MAX_HEADERS) {
        headers.append(name, value);
    }
}

/// Completes the URL, from a target, `Host` or `:authority`, and what is known about the scheme.
///
/// Replaces pseudo-headers by what they mean.
pub(super) fn complete(request: &mut Written, scheme: Option<&str>) {
    let pseudo = |name: &str| request.header(name).map(str::to_owned);
    let (method, path) = (pseudo(":method"), pseudo(":path"));
    let authority = pseudo(":authority").or_else(|| pseudo("host"));
    let shown = pseudo(":scheme");
    request.method = request.method.take().or(method);
    let target = request.url.take().or(path).unwrap_or_else(|| "/".to_owned());
    // A path can have another URL in its query.
    if !target.starts_with('/') && target.contains("://") {
        request.url = Some(target);
        return;
    }
    let Some(authority) = authority.filter(|authority| !authority.is_empty()) else {
        request.url = Some(target);
        return;
    };
    let target = if target == "*" { "/".to_owned() } else { target };
    let (scheme, is_known) = match shown.as_deref().or(scheme) {
        Some(scheme) => (scheme, true),
        None => guess(request, &authority),
    };
    if !is_known {
        request.caveats.push(format!(
            "the text does not show the scheme of the URL: `{scheme}` is assumed, which only matters for a page on the same host"
        ));
    }
    request.url = Some(format!("{scheme}://{authority}{target}"));
}

/// The scheme that a browser probably used, and whether it is certain.
fn guess(request: &Written, authority: &str) -> (&'static str, bool) {
    let is_loopback = authority.parse::<Authority>().is_ok_and(|authority| is_this_machine(authority.host()));
    let starts = |name: &str, start: &str| request.header(name).is_some_and(|value| value.starts_with(start));
    // Browsers send these only to potentially trustworthy URLs: https, and loopback.
    let is_trusted =
        request.headers.iter().any(|(name, _)| name.to_ascii_lowercase().starts_with("sec-fetch-"));
    // Mixed content: an https page may request http only from loopback.
    let page_is_secure = starts("origin", "https:") || starts("referer", "https:");
    let is_https = !is_loopback && (is_trusted || page_is_secure || authority.ends_with(":443"));
    if is_https { ("https", true) } else { ("http", is_loopback || authority.ends_with(":80")) }
}
