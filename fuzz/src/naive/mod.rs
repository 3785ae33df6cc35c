//! The naive model: sections 2.1 to 2.4 of the design (and 2.6, where a request may be rejected), computed for every
//! request from the raw values of a policy that builds, by scanning lists and splitting strings. It shares no code
//! with the crate.

mod actual;
mod origin;
mod preflight;

use std::collections::BTreeMap;

use http::{HeaderMap, HeaderValue};

use crate::case::Case;

/// What to do with a request.
#[derive(Debug, PartialEq)]
pub struct Outcome {
    /// The status of an answer without the service; `None`: the service answers.
    pub status: Option<u16>,
    pub headers: Headers,
    pub is_denied: bool,
}

/// Headers in comparable form: a list's members in alphabetical order, any other header's lines in their own order.
pub type Headers = BTreeMap<String, Vec<String>>;

const LISTS: [&str; 3] =
    ["access-control-allow-methods", "access-control-allow-headers", "access-control-expose-headers"];

/// For every `OPTIONS`.
const PREFLIGHT_VARY: [&str; 3] =
    ["origin", "access-control-request-method", "access-control-request-headers"];

pub fn decide(case: &Case) -> Outcome {
    let headers = case.request.headers();
    let is_preflight = case.request.method() == "OPTIONS"
        && headers.contains_key("origin")
        && headers.contains_key("access-control-request-method");
    let config = &case.config;
    if config.reject_disallowed_origins && !config.served_at.is_empty() && !origin::is_sent_to_own(case) {
        let headers = Headers::from([("vary".to_owned(), actual::varying(case, false))]);
        return Outcome { status: Some(421), headers, is_denied: true };
    }
    if is_preflight { preflight::answer(case) } else { actual::answer(case) }
}

pub fn comparable(headers: &HeaderMap) -> Headers {
    let comparable = headers.keys().map(|name| {
        let lines = headers.get_all(name).iter();
        let values = match name.as_str() {
            "vary" => sorted(members(lines).iter().map(|name| name.to_ascii_lowercase()).collect()),
            list if LISTS.contains(&list) => sorted(members(lines)),
            _ => lines.map(|line| format!("{line:?}")).collect(),
        };
        (name.to_string(), values)
    });
    comparable.collect()
}

/// The members of a list over all its lines, as written; empty ones do not count.
pub fn members<'a>(lines: impl IntoIterator<Item = &'a HeaderValue>) -> Vec<String> {
    let text = |line: &HeaderValue| String::from_utf8_lossy(line.as_bytes()).into_owned();
    let joined = lines.into_iter().map(text).collect::<Vec<_>>().join(",");
    let members = joined.split(',').map(|member| member.trim_matches([' ', '\t']));
    members.filter(|member| !member.is_empty()).map(str::to_owned).collect()
}

/// RFC 9110, section 5.6.2.
pub fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|char| char.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(char))
}

fn sorted(mut members: Vec<String>) -> Vec<String> {
    members.sort();
    members
}

/// Names in lower case, each once.
fn unique<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut names: Vec<_> = names.into_iter().map(str::to_ascii_lowercase).collect();
    names.sort();
    names.dedup();
    names
}

fn lists(list: &[String], member: &str) -> bool {
    list.iter().any(|listed| listed == member)
}

/// A header with one line, in comparable form.
fn line(value: &str) -> Vec<String> {
    vec![format!("{value:?}")]
}
