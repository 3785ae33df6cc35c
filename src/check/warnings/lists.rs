//! Warnings about methods and headers.

use std::collections::HashSet;

use http::HeaderName;
use http::header::AUTHORIZATION;

use super::known::{meant_header, meant_method};
use crate::check::names::{has_any, named};
use crate::header::{HeaderProblem, HeaderRules};
use crate::method;
use crate::policy::{Reason, Warning};
use crate::spec::ANY;

pub(super) fn of_methods(entries: &[String]) -> impl Iterator<Item = Warning> {
    // Who lists another method of WebDAV knows what `UPDATE` is.
    let is_webdav = |entry: &String| {
        method::is_registered(entry) && method::well_known(entry).is_none() && entry != UPDATE
    };
    let has_webdav = entries.iter().any(is_webdav);
    let about = |entry, reason| Some(Warning::about("allow_methods", entry, reason));
    let is_any = has_any(entries);
    let mut seen = HashSet::new();
    named(entries).filter_map(move |entry| {
        if entry.eq_ignore_ascii_case(UPDATE) && !has_webdav {
            about(entry, Reason::UpdateMethod)
        } else if let Some(meant) = meant_method(entry) {
            about(entry, Reason::MethodTypo).map(|warning| warning.suggesting(Some(meant.to_owned())))
        } else if is_any {
            about(entry, Reason::Covered(ANY.to_owned()))
        } else if seen.insert(entry) {
            None
        } else {
            about(entry, Reason::Duplicate)
        }
    })
}

const UPDATE: &str = "UPDATE";

/// `rules` are those that the entries were compiled to, where some of them may be prefixes. `check` says which names the list takes.
pub(super) fn of_headers(
    field: &'static str,
    entries: &[String],
    rules: Option<&HeaderRules>,
    check: fn(&str) -> Result<HeaderName, HeaderProblem>,
) -> impl Iterator<Item = Warning> {
    let about = move |entry, reason| Some(Warning::about(field, entry, reason));
    let is_any = has_any(entries);
    // In a request, `*` does not cover it: Fetch, CORS non-wildcard request-header name.
    let is_covered_by_any = move |name: &str| is_any && (rules.is_none() || name != AUTHORIZATION.as_str());
    // The prefix of a preset covers names that were here before it.
    let prefixes: HashSet<_> =
        named(entries).filter_map(|entry| entry.strip_suffix(ANY)).map(str::to_ascii_lowercase).collect();
    let mut seen = HashSet::new();
    named(entries).filter_map(move |entry| {
        let name = entry.to_ascii_lowercase();
        if let Some(meant) = meant_header(&name).filter(|meant| check(meant).is_ok()) {
            about(entry, Reason::HeaderTypo).map(|warning| warning.suggesting(Some(meant.to_owned())))
        } else if is_covered_by_any(&name) {
            about(entry, Reason::Covered(ANY.to_owned()))
        } else if let Some(prefix) =
            rules.and_then(|rules| rules.covering_prefix(&name)).filter(|prefix| prefixes.contains(*prefix))
        {
            about(entry, Reason::Covered(format!("{prefix}{ANY}")))
        } else if seen.insert(name) {
            None
        } else {
            about(entry, Reason::Duplicate)
        }
    })
}
