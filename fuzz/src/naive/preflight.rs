//! Section 2.3: the answer to a preflight.

use super::{Headers, Outcome, PREFLIGHT_VARY, is_token, line, lists, members, origin, sorted, unique};
use crate::case::Case;
use crate::config::Config;

/// The design leaves these numbers to the crate: the longest unlisted method that `src/method.rs` reads, and how much
/// `src/header/requested.rs` reads beyond the policy's own list.
const MAX_METHOD_BYTES: usize = 64;
const EXTRA_BYTES: usize = 2048;
const EXTRA_ELEMENTS: usize = 64;

pub(super) fn answer(case: &Case) -> Outcome {
    let config = &case.config;
    let vary = unique(PREFLIGHT_VARY.into_iter().chain(config.vary_by.iter().map(String::as_str)));
    let mut headers = Headers::from([("vary".to_owned(), vary)]);
    let Some(origin) = origin::allowed(case).filter(|_| !is_over_limits(case)) else {
        return Outcome { status: Some(403), headers, is_denied: true };
    };
    let mut set = |name: &str, value: Vec<String>| headers.insert(format!("access-control-{name}"), value);

    set("allow-origin", line(if config.allows_any_origin() { "*" } else { origin }));
    if config.credentials {
        set("allow-credentials", line("true"));
    }
    let method = requested_method(case).filter(|method| allows_method(config, method));
    set("allow-methods", allowed_methods(config, method.as_deref()));
    let requested = requested_headers(case);
    let allowed = allowed_headers(config, &requested);
    if !allowed.is_empty() {
        set("allow-headers", allowed);
    }
    if let Some(max_age) = config.max_age {
        set("max-age", line(&max_age.as_secs().to_string()));
    }
    let status = config.preflight_status.map_or(204, |status| status.as_u16());
    let is_denied = method.is_none() || !requested.iter().all(|name| allows_header(config, name));
    Outcome { status: Some(status), headers, is_denied }
}

fn requested_method(case: &Case) -> Option<String> {
    let lines = case.request.headers().get_all("access-control-request-method");
    match lines.iter().collect::<Vec<_>>()[..] {
        [line] => line.to_str().ok().map(str::to_owned).filter(|method| is_token(method)),
        _ => None,
    }
}

fn allows_method(config: &Config, method: &str) -> bool {
    let is_forbidden = ["CONNECT", "TRACE", "TRACK"].contains(&method.to_ascii_uppercase().as_str());
    let is_any = lists(&config.methods, "*") && !is_forbidden;
    ["GET", "HEAD", "POST"].contains(&method) || lists(&config.methods, method) && method != "*" || is_any
}

/// The list, or its replacement.
fn allowed_methods(config: &Config, requested: Option<&str>) -> Vec<String> {
    let safelisted = ["GET", "HEAD", "POST"];
    match requested {
        _ if lists(&config.methods, "*") && !config.credentials => vec!["*".to_owned()],
        Some(method) if lists(&config.methods, "*") && !safelisted.contains(&method) => {
            vec![method.to_owned()]
        }
        // Never an empty list, because browsers treat one as a missing header.
        _ if config.methods.is_empty() || lists(&config.methods, "*") => {
            safelisted.map(str::to_owned).to_vec()
        }
        _ => {
            let mut methods = sorted(config.methods.clone());
            methods.dedup();
            methods
        }
    }
}

/// Every element that is not empty, in lower case.
fn requested_headers(case: &Case) -> Vec<String> {
    let lines = case.request.headers().get_all("access-control-request-headers");
    members(lines).iter().map(|name| name.to_ascii_lowercase()).collect()
}

fn allows_header(config: &Config, name: &str) -> bool {
    is_listed(config, name) || is_covered(config, name)
}

/// `*` and prefixes are not names of a list.
fn is_listed(config: &Config, name: &str) -> bool {
    !name.ends_with('*') && config.headers.iter().any(|listed| listed.eq_ignore_ascii_case(name))
}

/// Allowed by "any" or by a prefix.
fn is_covered(config: &Config, name: &str) -> bool {
    let starts = |listed: &String| {
        listed.strip_suffix('*').is_some_and(|prefix| name.starts_with(&prefix.to_ascii_lowercase()))
    };
    is_token(name) && name != "authorization" && config.headers.iter().any(starts)
}

fn allowed_headers(config: &Config, requested: &[String]) -> Vec<String> {
    let mut names = named_headers(config);
    if lists(&config.headers, "*") && !config.credentials {
        names.push("*".to_owned());
    } else {
        names.extend(requested.iter().filter(|name| is_covered(config, name)).cloned());
    }
    unique(names.iter().map(String::as_str))
}

/// The names of the list, without those that "any" covers.
fn named_headers(config: &Config) -> Vec<String> {
    let is_any = lists(&config.headers, "*");
    let mut names = unique(config.headers.iter().map(String::as_str).filter(|name| !name.ends_with('*')));
    names.retain(|name| !is_any || name == "authorization");
    names
}

/// More than the policy reads: the limits depend on its own lists.
fn is_over_limits(case: &Case) -> bool {
    let lines = |name: &str| case.request.headers().get_all(name).iter().collect::<Vec<_>>();
    let is_listed = |method: &[u8]| case.config.methods.iter().any(|listed| listed.as_bytes() == method);
    if let [method] = lines("access-control-request-method")[..]
        && method.len() > MAX_METHOD_BYTES
        && !is_listed(method.as_bytes())
    {
        return true;
    }
    let names = named_headers(&case.config);
    let max_bytes = EXTRA_BYTES + names.iter().map(|name| name.len() + ", ".len()).sum::<usize>();
    let max_elements = EXTRA_ELEMENTS + names.len();
    let lines = lines("access-control-request-headers");
    let bytes: usize = lines.iter().map(|line| line.len() + 1).sum();
    let elements = lines.iter().flat_map(|line| line.as_bytes().split(|byte| *byte == b',')).count();
    bytes > max_bytes || elements > max_elements
}
