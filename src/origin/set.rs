//! The compiled matcher of a policy's origins.
//!
//! No look-up walks over the rules: an exact origin takes one hash of its bytes, a wildcard rule one hash for each label of
//! the host. The hashes are seeded, so nobody can write a policy with origins that all collide.

use super::exact::{ExactOrigins, SetFull};
use super::wildcard::WildcardRules;
use super::{Origin, Pattern};

/// The origins that a policy names, compiled.
#[derive(Default)]
pub(crate) struct OriginSet {
    exact: ExactOrigins,
    wildcards: WildcardRules,
}

impl OriginSet {
    /// Makes room for exact origins.
    pub(crate) fn reserve(&mut self, additional: usize) {
        self.exact.reserve(additional);
    }

    /// Frees the memory that is left over from growing: nothing is added any more.
    pub(crate) fn shrink_to_fit(&mut self) {
        self.exact.shrink_to_fit();
    }

    /// Adds a pattern, with its text. Adding it again changes nothing.
    pub(crate) fn insert(&mut self, text: &str, pattern: &Pattern<'_>) -> Result<(), SetFull> {
        if pattern.is_exact() { self.exact.insert(text) } else { self.wildcards.insert(text, pattern) }
    }

    /// Whether these are the bytes of an exact origin. Exact origins were checked when the set was built, so a hit need not
    /// be parsed.
    pub(crate) fn contains_exact(&self, origin: &[u8]) -> bool {
        self.exact.contains(origin)
    }

    pub(crate) fn has_wildcards(&self) -> bool {
        !self.wildcards.is_empty()
    }

    /// The pattern with a wildcard that matches, if one does.
    pub(crate) fn matching_wildcard(&self, origin: &Origin<'_>) -> Option<&str> {
        self.wildcards.covering(&Pattern::of(origin))
    }

    /// Another pattern, with a wildcard, that matches all that this one matches.
    pub(crate) fn covering(&self, text: &str, pattern: &Pattern<'_>) -> Option<&str> {
        self.wildcards.covering(pattern).filter(|covering| *covering != text)
    }

    /// The patterns that match more than the other set, without those that another pattern of this set covers.
    pub(crate) fn beyond<'s>(&'s self, other: &'s Self) -> impl Iterator<Item = &'s str> {
        self.patterns().filter(|text| !other.covers(text) && self.is_widest(text))
    }

    /// The patterns that no other pattern of this set covers.
    pub(crate) fn widest(&self) -> impl Iterator<Item = &str> {
        self.patterns().filter(|text| self.is_widest(text))
    }

    fn covers(&self, text: &str) -> bool {
        self.exact.contains(text.as_bytes())
            || Pattern::parse(text).is_ok_and(|pattern| self.wildcards.covering(&pattern).is_some())
    }

    fn is_widest(&self, text: &str) -> bool {
        !self.has_wildcards()
            || Pattern::parse(text).is_ok_and(|pattern| self.covering(text, &pattern).is_none())
    }

    /// How many patterns there are.
    pub(crate) fn len(&self) -> usize {
        self.exact.len() + self.wildcards.len()
    }

    /// How many exact origins there are.
    pub(crate) fn exact_count(&self) -> usize {
        self.exact.len()
    }

    /// How many patterns with a wildcard there are.
    pub(crate) fn wildcard_count(&self) -> usize {
        self.wildcards.len()
    }

    /// The text of each pattern, once: the exact ones, then the others, both in the order of insertion.
    pub(crate) fn patterns(&self) -> impl Iterator<Item = &str> {
        self.exact.iter().chain(self.wildcards.iter())
    }
}

#[cfg(test)]
mod tests {
    use std::slice;

    use proptest::prelude::*;

    use super::*;

    fn set(patterns: &[String]) -> OriginSet {
        let mut set = OriginSet::default();
        for text in patterns {
            set.insert(text, &Pattern::parse(text).expect("a pattern")).expect("room");
        }
        set
    }

    /// The order of the patterns makes no difference, nor does a pattern that another one covers.
    fn match_the_same(left: &OriginSet, right: &OriginSet) -> bool {
        left.beyond(right).chain(right.beyond(left)).next().is_none()
    }

    fn matches(set: &OriginSet, origin: &str) -> bool {
        set.contains_exact(origin.as_bytes())
            || Origin::from_serialized(origin).is_some_and(|origin| set.matching_wildcard(&origin).is_some())
    }

    /// Tests each pattern in turn, on the texts only.
    fn matches_naively(patterns: &[String], origin: &str) -> bool {
        Origin::from_serialized(origin).is_some()
            && patterns.iter().any(|pattern| pattern_matches_naively(pattern, origin))
    }

    fn pattern_matches_naively(pattern: &str, origin: &str) -> bool {
        if let Some(pattern) = pattern.strip_suffix(":*") {
            let colon = origin.rfind(':').expect("a scheme");
            let without_port = if origin.ends_with(']') || origin[colon..].starts_with("://") {
                origin
            } else {
                &origin[..colon]
            };
            return pattern_matches_naively(pattern, without_port);
        }
        match pattern.split_once('*') {
            None => pattern == origin,
            Some((scheme, "")) => origin.starts_with(scheme) && !origin[scheme.len()..].contains(':'),
            Some((scheme, suffix)) => {
                origin.len() > scheme.len() + suffix.len()
                    && origin.starts_with(scheme)
                    && origin.ends_with(suffix)
            }
        }
    }

    /// A small alphabet, so rules and origins often match, nearly match and nest.
    fn label() -> impl Strategy<Value = String> {
        prop_oneof![
            Just("a"),
            Just("b"),
            Just("ab"),
            Just("ba"),
            Just("a-b"),
            Just("Ab"),
            Just("com"),
            Just("example")
        ]
        .prop_map(str::to_owned)
    }

    fn host() -> impl Strategy<Value = String> {
        prop_oneof![
            8 => prop::collection::vec(label(), 1..5).prop_map(|labels| labels.join(".")),
            1 => prop::collection::vec(label(), 1..4).prop_map(|labels| labels.join(".") + "."),
            1 => Just("127.0.0.1".to_owned()),
            1 => Just("[::1]".to_owned()),
        ]
    }

    fn scheme() -> impl Strategy<Value = &'static str> {
        prop_oneof![4 => Just("https"), 2 => Just("http"), 2 => Just("httpss"), 1 => Just("moz-extension")]
    }

    fn port() -> impl Strategy<Value = &'static str> {
        prop_oneof![4 => Just(""), 1 => Just(":8080"), 1 => Just(":808"), 1 => Just(":8443")]
    }

    fn origin() -> impl Strategy<Value = String> {
        (scheme(), host(), port()).prop_map(|(scheme, host, port)| format!("{scheme}://{host}{port}"))
    }

    fn pattern() -> impl Strategy<Value = String> {
        let port = prop_oneof![3 => port(), 1 => Just(":*")];
        let wildcard = prop_oneof![Just(""), Just("*.")];
        prop_oneof![
            20 => (scheme(), wildcard, host(), port).prop_map(|(scheme, wildcard, host, port)| {
                format!("{scheme}://{wildcard}{host}{port}")
            }),
            1 => Just("moz-extension://*".to_owned()),
        ]
        .prop_filter("a pattern", |text| Pattern::parse(text).is_ok())
    }

    /// Origins that a rule matches: some for each choice that it leaves, among them names that no other rule here has.
    fn instances(pattern: &str) -> Vec<String> {
        let hosts = ["none.b", "a"].map(|label| pattern.replacen("://*", &format!("://{label}"), 1));
        let origins = hosts.iter().flat_map(|host| ["", ":1", ":9999"].map(|port| host.replace(":*", port)));
        origins.filter(|origin| Origin::from_serialized(origin).is_some()).collect()
    }

    /// An origin that differs from a rule by one change, which a wrong matcher lets pass.
    fn near_miss(pattern: &str, change: u8, other: &str) -> String {
        let concrete = pattern.replace(":*", ":8080").replace('*', "a");
        match change % 10 {
            0 => concrete,
            1 => pattern.replace("*.", "").replace(":*", ""),
            2 => pattern.replace("*.", "a").replace(":*", ""),
            3 => format!("{concrete}.{other}"),
            4 => format!("{other}{concrete}"),
            5 => concrete.replace("://", "://evil"),
            6 => concrete.replace("https", "http"),
            7 => format!("{concrete}0"),
            8 => concrete.replace('.', "a"),
            _ => format!("{}/.{}", other, pattern.trim_start_matches("https://*.")),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn the_set_agrees_with_a_scan_over_its_rules(
            patterns in prop::collection::vec(pattern(), 0..12),
            origins in prop::collection::vec(origin(), 1..8),
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..16),
        ) {
            let set = set(&patterns);
            let near_misses = changes.iter().filter(|_| !patterns.is_empty()).map(|(index, change)| {
                near_miss(&patterns[index.index(patterns.len())], *change, &origins[0])
            });
            for origin in origins.iter().cloned().chain(near_misses) {
                let expected = matches_naively(&patterns, &origin);
                prop_assert_eq!(matches(&set, &origin), expected, "{} in {:?}", origin, patterns);
            }
        }

        #[test]
        fn a_rule_is_covered_where_another_one_matches_all_that_it_matches(
            patterns in prop::collection::vec(pattern(), 1..12),
        ) {
            let set = set(&patterns);
            for text in &patterns {
                let covers = |other: &String| {
                    other != text && other.contains('*')
                        && instances(text).iter().all(|origin| pattern_matches_naively(other, origin))
                };
                let pattern = Pattern::parse(text).expect("a pattern");
                let covering = set.covering(text, &pattern).map(str::to_owned);
                prop_assert_eq!(covering.is_some(), patterns.iter().any(covers), "{} in {:?}", text, patterns);
                prop_assert!(covering.iter().all(covers), "{} by {:?}", text, covering);
            }
        }

        #[test]
        fn a_set_gives_back_its_patterns(mut patterns in prop::collection::vec(pattern(), 0..12)) {
            let set_of_all = set(&patterns);
            let mut given_back: Vec<_> = set_of_all.patterns().map(str::to_owned).collect();
            prop_assert!(match_the_same(&set(&given_back), &set_of_all));
            given_back.sort();
            patterns.sort();
            patterns.dedup();
            prop_assert_eq!(given_back, patterns);
        }
    }

    #[test]
    fn sets_differ_where_their_patterns_do() {
        let texts =
            ["https://a.com", "https://b.com", "https://*.a.com", "https://*.b.com"].map(str::to_owned);
        for (i, one) in texts.iter().enumerate() {
            for (j, other) in texts.iter().enumerate() {
                let [left, right] = [one, other].map(|text| set(slice::from_ref(text)));
                assert_eq!(match_the_same(&left, &right), i == j, "{one} {other}");
            }
        }
        assert!(match_the_same(&set(&texts[..2]), &set(&[texts[1].clone(), texts[0].clone()])));
        assert!(!match_the_same(&set(&texts[..2]), &set(&texts[..1])));
    }

    #[test]
    fn sets_are_equal_that_match_the_same() {
        let cases: [(&[&str], &[&str], bool); 7] = [
            (&["https://*.a.com", "https://b.a.com"], &["https://*.a.com"], true),
            (&["https://*.a.com", "https://*.b.a.com"], &["https://*.a.com"], true),
            (&["https://a.com:*", "https://a.com", "https://a.com:8443"], &["https://a.com:*"], true),
            (&["moz-extension://*", "moz-extension://a"], &["moz-extension://*"], true),
            (&["https://*.a.com", "https://a.com"], &["https://*.a.com"], false),
            (&["https://*.a.com", "https://b.a.com:8443"], &["https://*.a.com"], false),
            (&["https://*.b.a.com"], &["https://*.a.com"], false),
        ];
        for (left, right, equal) in cases {
            let [left, right] =
                [left, right].map(|texts| set(&texts.iter().map(ToString::to_string).collect::<Vec<_>>()));
            assert_eq!(match_the_same(&left, &right), equal);
            assert_eq!(match_the_same(&right, &left), equal);
        }
    }

    #[test]
    fn merged_suffixes_do_not_make_a_third_name() {
        // The radix tree of GHSA-vhxv-fg4m-p2w8 let `barfoo.com` in.
        let set = set(&["https://foo.com".to_owned(), "https://bar.com".to_owned()]);
        assert!(!matches(&set, "https://barfoo.com"));
    }
}
