//! The checks of the lists of methods and headers.

use super::issue::{Issue, Problem};
use crate::header::{self, HeaderProblem, HeaderRules};
use crate::method::{self, MethodProblem};
use crate::policy::rules::{ExposedHeaders, MethodRules};
use crate::seen::Seen;
use crate::spec::ANY;

pub(super) fn methods(entries: &[&str], issues: &mut Vec<Issue>) -> MethodRules {
    let (mut listed, mut seen) = (Vec::new(), Seen::default());
    for entry in named(entries) {
        match method::check(entry) {
            Ok(()) if seen.is_new(entry) => listed.push(entry.to_owned()),
            Ok(()) => {}
            Err(problem) => {
                let suggestion = suggest_method(entry, problem).map(str::to_owned);
                issues.push(Issue::about("allow_methods", entry, Problem::Method(problem), suggestion));
            }
        }
    }
    // "Any" covers all others.
    if has_any(entries) { MethodRules::Any } else { MethodRules::Listed(listed) }
}

fn suggest_method(entry: &str, problem: MethodProblem) -> Option<&str> {
    if problem == MethodProblem::Forbidden {
        return None;
    }
    let meant = entry.trim();
    Some(method::well_known(meant).unwrap_or(meant)).filter(|meant| method::check(meant).is_ok())
}

pub(super) fn request_headers(entries: &[&str], issues: &mut Vec<Issue>) -> HeaderRules {
    let (mut names, mut prefixes) = (Vec::new(), Vec::new());
    for entry in headers(entries, header::check_requested, "allow_headers", issues) {
        match entry.strip_suffix(ANY) {
            Some(prefix) => prefixes.push(prefix.to_owned()),
            None => names.push(entry),
        }
    }
    if has_any(entries) { HeaderRules::any(names) } else { HeaderRules::listed(names, prefixes) }
}

pub(super) fn exposed_headers(entries: &[&str], issues: &mut Vec<Issue>) -> ExposedHeaders {
    let names = headers(entries, header::check_exposed, "expose_headers", issues);
    if has_any(entries) { ExposedHeaders::All } else { ExposedHeaders::Listed(names) }
}

/// The entries that exposed headers were compiled from.
pub(super) fn exposed_entries(exposed: &ExposedHeaders) -> Vec<String> {
    match exposed {
        ExposedHeaders::All => vec![ANY.to_owned()],
        ExposedHeaders::Listed(names) => names.clone(),
    }
}

pub(super) fn varying_headers(entries: &[String], issues: &mut Vec<Issue>) -> Vec<String> {
    const FIELD: &str = "vary_by";
    let entries: Vec<_> = entries.iter().map(String::as_str).collect();
    if has_any(&entries) {
        // `Vary: *` forbids all caching. A service that wants that sets it itself.
        issues.push(Issue::about(FIELD, ANY, Problem::Header(HeaderProblem::Wildcard), None));
    }
    headers(&entries, header::check_varying, FIELD, issues)
}

/// The valid entries without "any": lowercase, each once.
fn headers(
    entries: &[&str],
    check: fn(&str) -> Result<(), HeaderProblem>,
    field: &'static str,
    issues: &mut Vec<Issue>,
) -> Vec<String> {
    let (mut good, mut seen) = (Vec::new(), Seen::default());
    for entry in named(entries) {
        let name = entry.to_ascii_lowercase();
        match check(&name) {
            Ok(()) if seen.is_new(&name) => good.push(name),
            Ok(()) => {}
            Err(problem) => {
                let meant = name.trim_matches(|char: char| char.is_whitespace() || char == ':');
                let suggestion = check(meant).is_ok().then(|| meant.to_owned());
                issues.push(Issue::about(field, entry, Problem::Header(problem), suggestion));
            }
        }
    }
    good
}

fn has_any(entries: &[&str]) -> bool {
    entries.contains(&ANY)
}

fn named<'e>(entries: &[&'e str]) -> impl Iterator<Item = &'e str> {
    entries.iter().copied().filter(|entry| *entry != ANY)
}
