//! The request headers that a policy allows: names, prefixes, or any.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::requested::Limits;

/// Fetch, [CORS non-wildcard request-header name](https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name):
/// what is allowed only where it is named.
const NON_WILDCARD: &str = "authorization";

/// A compiled list of allowed request headers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct HeaderRules {
    any: bool,
    /// Lowercase, sorted, each once. Beside "any": `authorization` alone, as it covers the others.
    names: Vec<Box<str>>,
    /// Lowercase, sorted, none the start of another; none beside "any".
    prefixes: Vec<Box<str>>,
    limits: Limits,
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
    /// Compiles checked names; a trailing `*` makes a prefix.
    pub(crate) fn new(any: bool, entries: impl IntoIterator<Item = String>) -> Self {
        let (prefixes, names): (BTreeSet<_>, BTreeSet<_>) = entries
            .into_iter()
            .map(|entry| entry.to_ascii_lowercase().into_boxed_str())
            .filter(|entry| !any || **entry == *NON_WILDCARD)
            .partition(|entry| entry.ends_with('*'));
        let mut shortest: Vec<Box<str>> = Vec::new();
        for prefix in &prefixes {
            let prefix = prefix.trim_end_matches('*');
            // Sorted, so that whatever is covered by another comes behind it.
            if !shortest.last().is_some_and(|shorter| prefix.starts_with(&**shorter)) {
                shortest.push(prefix.into());
            }
        }
        let limits = Limits::for_list(names.iter().map(|name| &**name));
        Self { any, names: names.into_iter().collect(), prefixes: shortest, limits }
    }

    /// How a requested name, in any case, is allowed.
    pub(crate) fn allowance(&self, name: &[u8]) -> Allowance {
        if self.names.binary_search_by(|listed| cmp_lowercase(listed, name)).is_ok() {
            Allowance::Listed
        } else if !name.eq_ignore_ascii_case(NON_WILDCARD.as_bytes())
            && (self.any || self.has_prefix_of(name))
        {
            Allowance::Covered
        } else {
            Allowance::None
        }
    }

    pub(crate) fn any(&self) -> bool {
        self.any
    }

    /// The listed names.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|name| &**name)
    }

    /// Whether there are prefixes, so that no fixed list says all that is allowed.
    pub(crate) fn has_prefixes(&self) -> bool {
        !self.prefixes.is_empty()
    }

    pub(crate) fn limits(&self) -> Limits {
        self.limits
    }

    /// What the rules were compiled from.
    pub(crate) fn entries(&self) -> impl Iterator<Item = String> {
        let any = self.any.then(|| "*".to_owned());
        let names = self.names().map(str::to_owned);
        any.into_iter().chain(names).chain(self.prefixes.iter().map(|prefix| format!("{prefix}*")))
    }

    /// As no prefix is the start of another, only the last one that does not sort behind the name can be its start.
    fn has_prefix_of(&self, name: &[u8]) -> bool {
        let behind = self.prefixes.partition_point(|prefix| cmp_lowercase(prefix, name) != Ordering::Greater);
        let candidate = behind.checked_sub(1).and_then(|index| self.prefixes.get(index));
        candidate.is_some_and(|prefix| {
            name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
        })
    }
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
        let names = entries.iter().filter(|entry| **entry != "*");
        HeaderRules::new(entries.contains(&"*"), names.map(|name| (*name).to_owned()))
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
        let entries = |list: &[&str]| rules(list).entries().collect::<Vec<_>>();
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
