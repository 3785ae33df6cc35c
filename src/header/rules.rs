//! The request headers that a policy allows: names, prefixes, or any.

use std::cmp::Ordering;

// Fetch, [CORS non-wildcard request-header name](https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name): allowed
// only if it is listed by name.
use http::header::AUTHORIZATION;

use super::requested::Limits;

/// A compiled list of allowed request headers.
#[derive(Clone, Debug)]
pub(crate) struct HeaderRules {
    allowed: Allowed,
    limits: Limits,
}

#[derive(Clone, Debug)]
enum Allowed {
    /// All but `authorization`. `names` is empty, or has that one name.
    Any { names: Vec<String> },
    Listed {
        /// Lowercase, sorted, each once.
        names: Vec<String>,
        /// Lowercase, sorted, none the start of another.
        prefixes: Vec<String>,
    },
}

/// How a rule allows a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Allowance {
    /// The list has the name.
    Listed,
    /// "Any" or a prefix covers it.
    Covered,
    None,
}

impl HeaderRules {
    /// Any header; `authorization` if it is among the lowercase names.
    pub(crate) fn any(mut names: Vec<String>) -> Self {
        names.retain(|name| name == AUTHORIZATION.as_str());
        Self { limits: Limits::for_list(&names), allowed: Allowed::Any { names } }
    }

    /// These lowercase names, and every name that starts with one of these lowercase prefixes.
    pub(crate) fn listed(mut names: Vec<String>, mut prefixes: Vec<String>) -> Self {
        names.sort_unstable();
        names.dedup();
        prefixes.sort_unstable();
        let mut shortest: Vec<String> = Vec::new();
        for prefix in prefixes {
            // They are sorted, so a covered prefix comes after the one that covers it.
            if !shortest.last().is_some_and(|shorter| prefix.starts_with(shorter.as_str())) {
                shortest.push(prefix);
            }
        }
        Self { limits: Limits::for_list(&names), allowed: Allowed::Listed { names, prefixes: shortest } }
    }

    /// How a requested name, in any case, is allowed.
    pub(crate) fn allowance(&self, name: &[u8]) -> Allowance {
        let is_authorization = || name.eq_ignore_ascii_case(AUTHORIZATION.as_str().as_bytes());
        match &self.allowed {
            Allowed::Any { .. } if !is_authorization() => Allowance::Covered,
            Allowed::Any { names } if names.is_empty() => Allowance::None,
            Allowed::Any { .. } => Allowance::Listed,
            Allowed::Listed { names, prefixes } => {
                if names.binary_search_by(|listed| cmp_lowercase(listed, name)).is_ok() {
                    Allowance::Listed
                } else if prefix_of(prefixes, name).is_some() && !is_authorization() {
                    Allowance::Covered
                } else {
                    Allowance::None
                }
            }
        }
    }

    pub(crate) fn are_any(&self) -> bool {
        matches!(self.allowed, Allowed::Any { .. })
    }

    /// The listed names.
    pub(crate) fn names(&self) -> &[String] {
        match &self.allowed {
            Allowed::Any { names } | Allowed::Listed { names, .. } => names,
        }
    }

    /// The prefix, other than the entry itself, that covers an entry: a lowercase name, or a prefix with its `*`.
    pub(crate) fn covering_prefix(&self, entry: &str) -> Option<&str> {
        let prefix = prefix_of(self.prefixes(), entry.as_bytes())?;
        let is_itself = entry.strip_suffix('*') == Some(prefix);
        (!is_itself && entry != AUTHORIZATION.as_str()).then_some(prefix)
    }

    /// Whether there are prefixes: then no fixed list can name everything that is allowed.
    pub(crate) fn has_prefixes(&self) -> bool {
        !self.prefixes().is_empty()
    }

    pub(crate) fn limits(&self) -> Limits {
        self.limits
    }

    /// The entries that the rules were compiled from.
    pub(crate) fn entries(&self) -> Vec<String> {
        let mut entries = Vec::new();
        if self.are_any() {
            entries.push("*".to_owned());
        }
        entries.extend_from_slice(self.names());
        entries.extend(self.prefixes().iter().map(|prefix| format!("{prefix}*")));
        entries
    }

    fn prefixes(&self) -> &[String] {
        match &self.allowed {
            Allowed::Any { .. } => &[],
            Allowed::Listed { prefixes, .. } => prefixes,
        }
    }
}

/// The prefix that a name starts with.
///
/// As no prefix is the start of another, only the last prefix that does not sort after the name can match.
fn prefix_of<'a>(prefixes: &'a [String], name: &[u8]) -> Option<&'a str> {
    let behind = prefixes.partition_point(|prefix| cmp_lowercase(prefix, name) != Ordering::Greater);
    let candidate = behind.checked_sub(1).and_then(|index| prefixes.get(index));
    candidate.map(String::as_str).filter(|prefix| {
        name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
    })
}

/// Compares a lowercase name with one in any case.
fn cmp_lowercase(lowercase: &str, name: &[u8]) -> Ordering {
    lowercase.bytes().cmp(name.iter().map(u8::to_ascii_lowercase))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rules(entries: &[&str]) -> HeaderRules {
        let (prefixes, names): (Vec<&str>, Vec<&str>) =
            entries.iter().partition(|entry| entry.ends_with('*'));
        let names: Vec<_> = names.into_iter().map(str::to_ascii_lowercase).collect();
        if entries.contains(&"*") {
            return HeaderRules::any(names);
        }
        let prefixes = prefixes.into_iter().map(|prefix| prefix.trim_end_matches('*').to_ascii_lowercase());
        HeaderRules::listed(names, prefixes.collect())
    }

    #[test]
    fn names_are_allowed_by_list_prefix_or_any() {
        let cases: [(&[&str], &str, Allowance); 14] = [
            (&[], "x-a", Allowance::None),
            (&["X-A"], "x-a", Allowance::Listed),
            (&["x-a"], "X-A", Allowance::Listed),
            (&["x-a"], "x-ab", Allowance::None),
            (&["x-ab"], "x-a", Allowance::None),
            (&["x-*"], "x-a", Allowance::Covered),
            (&["x-*"], "X-", Allowance::Covered),
            (&["x-*"], "x", Allowance::None),
            (&["x-*", "x-a"], "x-a", Allowance::Listed),
            (&["a*"], "authorization", Allowance::None),
            (&["*"], "x-a", Allowance::Covered),
            (&["*"], "authorization", Allowance::None),
            (&["*"], "Authorization", Allowance::None),
            (&["*", "authorization"], "Authorization", Allowance::Listed),
        ];
        for (entries, name, expected) in cases {
            assert_eq!(rules(entries).allowance(name.as_bytes()), expected, "{name} by {entries:?}");
        }
    }

    #[test]
    fn what_others_cover_is_dropped() {
        let entries = |list: &[&str]| rules(list).entries();
        assert_eq!(entries(&["x-b*", "x-*", "x-a-*", "y", "Y"]), ["y", "x-*"]);
        assert_eq!(entries(&["*", "x-a", "x-*", "Authorization"]), ["*", "authorization"]);
    }

    proptest! {
        #[test]
        fn rules_agree_with_a_scan_over_their_entries(
            entries in prop::collection::vec("[ab-]{1,4}\\*?", 0..8),
            name in "[abAB-]{1,6}",
        ) {
            let entries: Vec<_> = entries.iter().map(String::as_str).collect();
            let lowercase = name.to_ascii_lowercase();
            let allowed = entries.iter().any(|entry| match entry.strip_suffix('*') {
                Some(prefix) => lowercase.starts_with(prefix),
                None => lowercase == **entry,
            });
            prop_assert_eq!(rules(&entries).allowance(name.as_bytes()) != Allowance::None, allowed);
        }
    }
}
