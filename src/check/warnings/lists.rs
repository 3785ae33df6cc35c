//! Warnings about methods and headers.

use http::header::AUTHORIZATION;

use super::MAX_KEPT;
use super::known::{meant_header, meant_method};
use crate::header::{HeaderProblem, HeaderRules};
use crate::method;
use crate::policy::{Reason, Warning};
use crate::seen::Seen;
use crate::spec::ANY;

const UPDATE: &str = "UPDATE";

pub(super) fn of_methods(entries: &[String], warnings: &mut Vec<Warning>) {
    // A list with another method of WebDAV means WebDAV's `UPDATE`.
    let is_webdav = |entry: &String| {
        method::is_registered(entry) && method::well_known(entry).is_none() && entry != UPDATE
    };
    let has_webdav = entries.iter().any(is_webdav);
    let is_any = entries.iter().any(|entry| entry == ANY);
    let mut seen = Seen::default();
    let mut doubt = |entry: &str| {
        if entry.eq_ignore_ascii_case(UPDATE) && !has_webdav {
            Some((Reason::UpdateMethod, None))
        } else if let Some(meant) = meant_method(entry) {
            Some((Reason::MethodTypo, Some(meant)))
        } else if is_any {
            Some((Reason::Covered(ANY.to_owned()), None))
        } else if seen.is_new(entry) {
            None
        } else {
            Some((Reason::Duplicate, None))
        }
    };
    of_each("allow_methods", entries, &mut doubt, warnings);
}

/// `rules` are the compiled entries, if some of them may be prefixes. `check` says which names the list accepts.
pub(super) fn of_headers(
    field: &'static str,
    entries: &[String],
    rules: Option<&HeaderRules>,
    check: fn(&str) -> Result<(), HeaderProblem>,
    warnings: &mut Vec<Warning>,
) {
    let is_any = entries.iter().any(|entry| entry == ANY);
    // In a request, `*` does not cover it: Fetch, CORS non-wildcard request-header name.
    let is_covered_by_any = |name: &str| is_any && (rules.is_none() || name != AUTHORIZATION.as_str());
    // The prefix of a preset may cover names that were listed before it.
    let mut prefixes = Seen::default();
    for prefix in entries.iter().filter_map(|entry| entry.strip_suffix(ANY)) {
        prefixes.is_new(&prefix.to_ascii_lowercase());
    }
    let mut seen = Seen::default();
    let mut doubt = |entry: &str| {
        let name = entry.to_ascii_lowercase();
        if let Some(meant) = meant_header(&name).filter(|meant| check(meant).is_ok()) {
            Some((Reason::HeaderTypo, Some(meant)))
        } else if is_covered_by_any(&name) {
            Some((Reason::Covered(ANY.to_owned()), None))
        } else if let Some(prefix) =
            rules.and_then(|rules| rules.covering_prefix(&name)).filter(|prefix| prefixes.has(prefix))
        {
            Some((Reason::Covered(format!("{prefix}{ANY}")), None))
        } else if seen.is_new(&name) {
            None
        } else {
            Some((Reason::Duplicate, None))
        }
    };
    of_each(field, entries, &mut doubt, warnings);
}

/// Why an entry is doubtful, and what was probably meant.
type Doubt = (Reason, Option<&'static str>);

/// The warnings about the entries except "any", up to the limit.
fn of_each(
    field: &'static str,
    entries: &[String],
    doubt: &mut dyn FnMut(&str) -> Option<Doubt>,
    warnings: &mut Vec<Warning>,
) {
    let most = warnings.len() + MAX_KEPT;
    for entry in entries.iter().filter(|entry| *entry != ANY) {
        if warnings.len() == most {
            break;
        }
        if let Some((reason, meant)) = doubt(entry) {
            warnings.push(Warning::about(field, entry, reason).suggesting(meant.map(str::to_owned)));
        }
    }
}
