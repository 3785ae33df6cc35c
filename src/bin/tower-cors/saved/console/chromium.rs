//! The messages of Chromium's console.

use http::StatusCode;

use super::{Complaint, between, name};
use crate::saved::{Blocked, Reason};

/// `Access to fetch at 'URL' from origin 'ORIGIN' has been blocked by CORS policy: ...`.
pub(super) fn refusal(line: &str) -> Option<Complaint> {
    if let Some((about, reason)) = line.split_once("has been blocked by CORS policy: ") {
        let start = about.find("Access to ")?;
        let (_, at) = about[start..].split_once(" at '")?;
        let (urls, origin) = at.rsplit_once(" from origin '")?;
        let urls = urls.strip_suffix('\'').unwrap_or(urls);
        let (origin, _) = origin.split_once('\'')?;
        let mut complaint = Complaint::new(&line[start..], reason_of(reason));
        complaint.request.page = Some(origin.to_owned());
        // The URL that refused it, followed by the one that the page requested.
        let url = match urls.rsplit_once(" (redirected from '") {
            Some((url, asked)) => {
                complaint.redirected_from(asked.trim_end_matches(')').trim_end_matches('\''), url);
                url.strip_suffix('\'').unwrap_or(url)
            }
            None => urls,
        };
        complaint.request.url = Some(url.to_owned());
        return Some(complaint);
    }
    let not_cors = [
        ("violates the following Content Security Policy directive", "Refused to connect to '", '\''),
        ("violates the following Content Security Policy directive", "Connecting to '", '\''),
        ("Mixed Content: ", "but requested an insecure ", '\''),
    ];
    let (_, start, quote) =
        not_cors.into_iter().find(|(words, start, _)| line.contains(words) && line.contains(start))?;
    let (_, rest) = line.split_once(start)?;
    let rest = rest.split_once('\'').filter(|_| start.starts_with("but")).map_or(rest, |(_, url)| url);
    let mut complaint = Complaint::new(line, Reason::NotCors);
    complaint.request.url = rest.split_once(quote).map(|(url, _)| url.to_owned());
    Some(complaint)
}

fn reason_of(words: &str) -> Reason {
    let has = |part: &str| words.contains(part);
    let quoted = |before: &str| between(words, before, "'").map(str::to_owned);
    match () {
        () if has("No 'Access-Control-Allow-Origin' header") => Reason::AllowOriginMissing,
        () if has("contains multiple values") => Reason::AllowOriginTwice,
        () if has("contains the invalid value '") => {
            Reason::AllowOriginMismatch(quoted("contains the invalid value '"))
        }
        () if has("that is not equal to the supplied origin") => {
            Reason::AllowOriginMismatch(quoted("header has a value '"))
        }
        () if has("must not be the wildcard '*'") => Reason::AllowOriginWildcard,
        () if has("'Access-Control-Allow-Credentials' header") => Reason::AllowCredentials,
        () if has("It does not have HTTP ok status") => Reason::PreflightStatus,
        () if has("Redirect is not allowed for a preflight") => Reason::PreflightRedirected,
        () if has("is not allowed by Access-Control-Allow-Methods") => Reason::MethodNotAllowed(
            between(words, "Method ", " is not allowed").and_then(|method| method.parse().ok()),
        ),
        () if has("is not allowed by Access-Control-Allow-Headers") => {
            Reason::HeaderNotAllowed(name(between(words, "Request header field ", " is not allowed")))
        }
        () if has("Cannot parse Access-Control-Allow-") => Reason::MalformedList,
        () if has("Redirect location '") || has("redirect") || has("Redirect") => Reason::Redirected,
        () if has("Cross origin requests are only supported for") => Reason::NotHttp,
        () if has("address space") || has("Permission was denied") || has("local network") => Reason::NotCors,
        () => Reason::Unknown,
    }
}

/// Chromium's second line, `PUT https://... net::ERR_FAILED 403 (Forbidden)`, or the only one of a request that is not refused,
/// `PUT https://... 403 (Forbidden)`.
pub(super) fn network_error(line: &str) -> Option<Complaint> {
    let mut words = line.split_ascii_whitespace();
    let url = words.position(|word| word.starts_with("http://") || word.starts_with("https://"))?;
    let mut words = line.split_ascii_whitespace().skip(url.checked_sub(1)?);
    let (method, url, what) = (words.next()?, words.next()?, words.next()?);
    let is_method = method.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-');
    let status = if what.starts_with("net::ERR_") { words.next() } else { Some(what) };
    let status = status.and_then(|status| status.parse::<StatusCode>().ok());
    let is_answered = status.is_some() && words.next().is_some_and(|word| word.starts_with('('));
    if !is_method || !(what.starts_with("net::ERR_") || is_answered) {
        return None;
    }
    let mut complaint = Complaint::new(what, Reason::NoResponse);
    complaint.blocked = complaint
        .blocked
        .filter(|_| what.starts_with("net::ERR_"))
        .map(|blocked| Blocked { status, ..blocked });
    complaint.request.method = method.parse().ok();
    complaint.request.url = Some(url.to_owned());
    Some(complaint)
}
