//! Section 2.4: changes to the service's response.

use super::{Headers, Outcome, PREFLIGHT_VARY, comparable, line, lists, origin, sorted, unique};
use crate::case::Case;

/// Headers that are never exposed: those for the browser itself, and those that no script can read.
const NOT_EXPOSED: [&str; 8] = [
    "set-cookie",
    "set-cookie2",
    "access-control-allow-credentials",
    "access-control-allow-headers",
    "access-control-allow-methods",
    "access-control-allow-origin",
    "access-control-expose-headers",
    "access-control-max-age",
];

pub(super) fn answer(case: &Case) -> Outcome {
    let config = &case.config;
    let is_cors = case.request.headers().contains_key("origin");
    let allowed = origin::allowed(case);
    // `*` lets a page read the response whatever its `Origin` looks like.
    let is_refused = is_cors && allowed.is_none() && !config.allows_any_origin();
    let is_denied = is_refused && !origin::is_same_origin(case);
    let varying = varying(case, is_refused);
    if is_denied && config.reject_disallowed_origins {
        let headers = Headers::from([("vary".to_owned(), varying)]);
        return Outcome { status: Some(403), headers, is_denied };
    }
    let mut headers = comparable(&case.response);
    for name in ["allow-origin", "allow-credentials", "expose-headers"] {
        headers.remove(&format!("access-control-{name}"));
    }
    if !varying.is_empty() {
        let vary = headers.entry("vary".to_owned()).or_default();
        let missing = |name: &String| !vary.iter().any(|had| had == "*" || had.eq_ignore_ascii_case(name));
        let missing: Vec<_> = varying.into_iter().filter(missing).collect();
        vary.extend(missing);
        vary.sort();
    }
    let granted = if config.allows_any_origin() { Some("*") } else { allowed };
    if let Some(origin) = granted {
        headers.insert("access-control-allow-origin".to_owned(), line(origin));
        if config.credentials {
            headers.insert("access-control-allow-credentials".to_owned(), line("true"));
        }
        let exposed = exposed(case, &headers);
        if !exposed.is_empty() {
            headers.insert("access-control-expose-headers".to_owned(), exposed);
        }
    }
    Outcome { status: None, headers, is_denied }
}

/// The headers that the response depends on. `OPTIONS` also depends on the headers that make it a preflight; and where requests
/// are rejected, on whether a request is same-origin.
pub(super) fn varying(case: &Case, is_refused: bool) -> Vec<String> {
    let config = &case.config;
    let is_options = case.request.method() == "OPTIONS";
    if config.allows_any_origin() && !is_options {
        return Vec::new();
    }
    let mut names = if is_options { PREFLIGHT_VARY.to_vec() } else { vec!["origin"] };
    if is_refused && config.reject_disallowed_origins && config.served_at.is_empty() {
        names.push("sec-fetch-site");
    }
    unique(names.into_iter().chain(config.vary_by.iter().map(String::as_str)))
}

fn exposed(case: &Case, headers: &Headers) -> Vec<String> {
    let config = &case.config;
    if !lists(&config.exposed, "*") {
        unique(config.exposed.iter().map(String::as_str))
    } else if config.credentials {
        sorted(headers.keys().filter(|name| !NOT_EXPOSED.contains(&name.as_str())).cloned().collect())
    } else {
        vec!["*".to_owned()]
    }
}
