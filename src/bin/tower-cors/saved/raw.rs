//! Raw HTTP: the head of a request, of a response, or one after the other, with or without their bodies.
//!
//! Developer tools write a head if they show it "raw" or copy it ("Copy request headers"), and `curl -i` writes the response's.
//! Over HTTP/2, Chromium's begin with the pseudo-headers `:authority`, `:method`, `:path`, `:scheme`; if its panel was selected
//! and copied, each name and each value is on its own line.

use http::Response;

use super::lines::Lines;
use super::wire;
use super::written::Written;

/// Whether a request begins here.
pub(super) fn is_request(lines: &Lines<'_>) -> bool {
    let mut lines = lines.clone();
    let Some(line) = lines.next() else { return false };
    pseudo_name(line).is_some() || (wire::request_line(line).is_some() && headers_follow(&mut lines))
}

/// Whether a response begins here.
pub(super) fn is_response(lines: &Lines<'_>) -> bool {
    let mut lines = lines.clone();
    lines.next().is_some_and(|line| wire::status_line(line).is_some()) && headers_follow(&mut lines)
}

/// In a body, a word about HTTP is followed by something else.
fn headers_follow(lines: &mut Lines<'_>) -> bool {
    lines.next().is_none_or(|line| line.trim().is_empty() || wire::header(line).is_some())
}

/// The name of a request's pseudo-header at the start of a line, or as the whole line.
fn pseudo_name(line: &str) -> Option<&str> {
    let name = [":authority", ":method", ":path", ":scheme"]
        .into_iter()
        .find(|name| line.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(':')))?;
    Some(name)
}

/// Reads the head of a request.
pub(super) fn request(lines: &mut Lines<'_>) -> Written {
    let mut request = Written { number: lines.number(), ..Written::default() };
    if let Some((method, target)) = lines.peek().and_then(wire::request_line) {
        request.method = Some(method.to_owned());
        request.url = Some(target.to_owned());
        lines.next();
    }
    let is_http2 = lines.peek().is_some_and(|line| pseudo_name(line).is_some());
    let is_in_two_lines = is_http2 && lines.peek().is_some_and(|line| !line[1..].contains(':'));
    while let Some(line) = lines.next().filter(|line| !line.trim().is_empty()) {
        if is_in_two_lines {
            // Unless the text ends, the value is there, empty or not.
            request
                .headers
                .push((line.trim().to_owned(), lines.next().unwrap_or_default().trim().to_owned()));
        } else if let Some((name, value)) = wire::header(line) {
            request.headers.push((name.to_owned(), value.to_owned()));
        }
    }
    wire::complete(&mut request, None);
    request
}

/// Reads the head of a response, and further ones before the last: `100 Continue`, the answer of a proxy, redirects.
pub(super) fn response(lines: &mut Lines<'_>) -> Option<Response<()>> {
    let mut last = None;
    while let Some(status) = lines.peek().and_then(wire::status_line) {
        lines.next();
        let mut response = wire::response(status);
        while let Some(line) = lines.next().filter(|line| !line.trim().is_empty()) {
            if let Some((name, value)) = wire::header(line) {
                wire::add(&mut response, name, value);
            }
        }
        last = Some(response);
    }
    last
}
