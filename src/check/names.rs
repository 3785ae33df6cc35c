//! The checks of the lists of methods and headers.

use std::collections::HashSet;
use std::hash::Hash;

use http::{HeaderName, Method};

use super::issue::{Issue, Problem};
use crate::header::{self, HeaderProblem, HeaderRules, RequestEntry};
use crate::method::{self, MethodProblem};
use crate::policy::rules::{ExposedHeaders, MethodRules};
use crate::spec::ANY;

pub(super) fn methods(entries: &[impl AsRef<str>], issues: &mut Vec<Issue>) -> MethodRules {
    let mut listed = Vec::new();
    for entry in named(entries) {
        match method::check(entry) {
            Ok(method) => listed.push(method),
            Err(problem) => {
                let suggestion = suggest_method(entry, problem).map(|method| method.to_string());
                issues.push(Issue::about("allow_methods", entry, Problem::Method(problem), suggestion));
            }
        }
    }
    // "Any" covers the others.
    if has_any(entries) { MethodRules::Any } else { MethodRules::Listed(unique(listed)) }
}

fn suggest_method(entry: &str, problem: MethodProblem) -> Option<Method> {
    if problem == MethodProblem::Forbidden {
        return None;
    }
    let meant = entry.trim();
    method::check(method::well_known(meant).unwrap_or(meant)).ok()
}

pub(super) fn request_headers(entries: &[impl AsRef<str>], issues: &mut Vec<Issue>) -> HeaderRules {
    let (mut names, mut prefixes) = (Vec::new(), Vec::new());
    for entry in headers(entries, header::check_requested, "allow_headers", issues) {
        match entry {
            RequestEntry::Name(name) => names.push(name),
            RequestEntry::Prefix(prefix) => prefixes.push(prefix),
        }
    }
    if has_any(entries) { HeaderRules::any(&names) } else { HeaderRules::listed(names, prefixes) }
}

pub(super) fn exposed_headers(entries: &[impl AsRef<str>], issues: &mut Vec<Issue>) -> ExposedHeaders {
    let names = headers(entries, header::check_exposed, "expose_headers", issues);
    if has_any(entries) { ExposedHeaders::All } else { ExposedHeaders::Listed(unique(names)) }
}

/// What exposed headers were compiled from.
pub(super) fn exposed_entries(exposed: &ExposedHeaders) -> Vec<String> {
    match exposed {
        ExposedHeaders::All => vec![ANY.to_owned()],
        ExposedHeaders::Listed(names) => names.iter().map(ToString::to_string).collect(),
    }
}

pub(super) fn varying_headers(entries: &[impl AsRef<str>], issues: &mut Vec<Issue>) -> Vec<HeaderName> {
    const FIELD: &str = "vary_by";
    if has_any(entries) {
        // `Vary: *` forbids all caching. Whoever wants that sets it on the responses.
        issues.push(Issue::about(FIELD, ANY, Problem::Header(HeaderProblem::Wildcard), None));
    }
    unique(headers(entries, header::check_varying, FIELD, issues))
}

/// The good ones among the entries, "any" aside.
fn headers<T>(
    entries: &[impl AsRef<str>],
    check: fn(&str) -> Result<T, HeaderProblem>,
    field: &'static str,
    issues: &mut Vec<Issue>,
) -> Vec<T> {
    let mut good = Vec::new();
    for entry in named(entries) {
        let name = entry.to_ascii_lowercase();
        match check(&name) {
            Ok(checked) => good.push(checked),
            Err(problem) => {
                let meant = name.trim_matches(|char: char| char.is_whitespace() || char == ':');
                let suggestion = check(meant).is_ok().then(|| meant.to_owned());
                issues.push(Issue::about(field, entry, Problem::Header(problem), suggestion));
            }
        }
    }
    good
}

pub(super) fn has_any(entries: &[impl AsRef<str>]) -> bool {
    entries.iter().any(|entry| entry.as_ref() == ANY)
}

pub(super) fn named(entries: &[impl AsRef<str>]) -> impl Iterator<Item = &str> {
    entries.iter().map(AsRef::as_ref).filter(|entry| *entry != ANY)
}

fn unique<T: Clone + Eq + Hash>(names: Vec<T>) -> Vec<T> {
    let mut seen = HashSet::new();
    names.into_iter().filter(|name| seen.insert(name.clone())).collect()
}
