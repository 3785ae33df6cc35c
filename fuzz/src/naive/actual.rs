//! Section 2.4: what becomes of the service's response.

use super::{Headers, Outcome, comparable, line, lists, origin, sorted, unique};
use crate::case::Case;

/// What exposing a name with credentials cannot help with: the browser's own headers, and what no script reads.
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
    if is_denied && config.reject_disallowed_origins {
        let headers = Headers::from([("vary".to_owned(), varying(case))]);
        return Outcome { status: Some(403), headers, is_denied };
    }
    let mut headers = comparable(&case.response);
    for name in ["allow-origin", "allow-credentials", "expose-headers"] {
        headers.remove(&format!("access-control-{name}"));
    }
    if !config.allows_any_origin() {
        let vary = headers.entry("vary".to_owned()).or_default();
        let missing = |name: &String| !vary.iter().any(|had| had == "*" || had.eq_ignore_ascii_case(name));
        let missing: Vec<_> = varying(case).into_iter().filter(missing).collect();
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

fn varying(case: &Case) -> Vec<String> {
    unique([&"origin".to_owned()].into_iter().chain(&case.config.vary_by))
}

fn exposed(case: &Case, headers: &Headers) -> Vec<String> {
    let config = &case.config;
    if !lists(&config.exposed, "*") {
        unique(&config.exposed)
    } else if config.credentials {
        sorted(headers.keys().filter(|name| !NOT_EXPOSED.contains(&name.as_str())).cloned().collect())
    } else {
        vec!["*".to_owned()]
    }
}
