//! The messages of Firefox's console.

use super::{Complaint, between, name};
use crate::saved::lines::Lines;
use crate::saved::{Blocked, NOT_SHOWN, Reason, Stage};

/// `Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at URL. (Reason: ...). Status code: 200.`
///
/// A `Cross-Origin Request Warning` is about a request that Firefox allows: an `Authorization` that is not listed beside `*`.
pub(super) fn refusal(line: &str) -> Option<Complaint> {
    let start = line.find("Cross-Origin Request ")?;
    let line = line[start..].trim_end().trim_end_matches("[Learn More]").trim_end();
    // Some texts have straight quotes instead of Firefox's.
    let straight = line.replace(['‘', '’', '“', '”'], "'");
    let (_, rest) = straight.split_once(" the remote resource at ")?;
    let (url, reason) = rest.split_once(" (Reason: ")?;
    let url = url.strip_suffix('.').unwrap_or(url);
    let url = url.strip_suffix(" soon").unwrap_or(url);
    let is_quoted = url.len() > 1 && url.starts_with('\'') && url.ends_with('\'');
    let url = if is_quoted { &url[1..url.len() - 1] } else { url };
    let mut complaint = Complaint::new(line, reason_of(reason));
    if line.starts_with("Cross-Origin Request Warning") {
        complaint.request.headers.push(("authorization".to_owned(), NOT_SHOWN.to_owned()));
        complaint.request.preflighted = true;
        complaint.blocked = None;
    }
    complaint.request.url = Some(url.to_owned());
    Some(complaint)
}

fn reason_of(words: &str) -> Reason {
    let has = |part: &str| words.contains(part);
    match () {
        () if has("'Access-Control-Allow-Origin' missing") => Reason::AllowOriginMissing,
        () if has("'Access-Control-Allow-Origin' does not match") => {
            Reason::AllowOriginMismatch(between(words, "does not match '", "'").map(str::to_owned))
        }
        () if has("Multiple CORS header") => Reason::AllowOriginTwice,
        () if has("Credential is not supported") => Reason::AllowOriginWildcard,
        () if has("expected 'true' in CORS header") => Reason::AllowCredentials,
        () if has("CORS preflight response did not succeed")
            || has("CORS preflight channel did not succeed") =>
        {
            Reason::PreflightStatus
        }
        () if has("Did not find method in CORS header") => Reason::MethodNotAllowed(None),
        () if has("is not allowed according to header") => {
            Reason::HeaderNotAllowed(name(between(words, "header '", "' is not allowed")))
        }
        () if has("missing token '") => {
            Reason::HeaderNotAllowed(name(between(words, "missing token '", "'")))
        }
        () if has("invalid token '") => Reason::MalformedList,
        () if has("external redirect not allowed") => Reason::Redirected,
        () if has("CORS request not http") => Reason::NotHttp,
        () if has("CORS request did not succeed")
            || has("CORS disabled")
            || has("CORS header 'Origin' cannot be added") =>
        {
            Reason::NoResponse
        }
        () => Reason::Unknown,
    }
}

/// `XHR PUT`, then the URL, then the result: Firefox's network log among the messages of its console.
pub(super) fn request(lines: &mut Lines<'_>) -> Option<Complaint> {
    let mut next = lines.clone();
    let method = next.next()?.trim();
    let method = method.strip_prefix("XHR ").unwrap_or(method);
    let is_method = !method.is_empty() && method.bytes().all(|byte| byte.is_ascii_uppercase());
    let url = next.next()?.trim();
    if !is_method || !(url.starts_with("http://") || url.starts_with("https://")) || url.contains(' ') {
        return None;
    }
    let mut complaint = match next.peek()?.trim() {
        refused if refused.starts_with("CORS ") => {
            let mut complaint = Complaint::new(refused, Reason::NoResponse);
            if method == "OPTIONS" {
                complaint.request.preflighted = true;
                complaint.blocked =
                    complaint.blocked.map(|blocked| Blocked { stage: Some(Stage::Preflight), ..blocked });
            }
            complaint
        }
        answered if answered.starts_with("[HTTP/") => {
            Complaint { blocked: None, ..Complaint::new("", Reason::NoResponse) }
        }
        _ => return None,
    };
    next.next();
    *lines = next;
    // The console does not show a preflighted request.
    complaint.request.method = if complaint.request.preflighted { None } else { method.parse().ok() };
    complaint.request.url = Some(url.to_owned());
    Some(complaint)
}
