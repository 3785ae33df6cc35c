//! The rule nearest to an origin that no rule allows, and how the two differ.

use super::{HostPattern, Origin, Pattern, host};
use crate::typo;

/// How many rules are compared: a policy may have a million, and strangers can cause this work.
const MAX_COMPARED: usize = 10_000;

/// The shortest label with which another name hardly ends by chance.
const MIN_TELLING_LABEL_LEN: usize = 5;

/// The nearest rule, and how an origin differs from it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Nearest {
    pub(crate) pattern: String,
    pub(crate) difference: Difference,
    pub(crate) scheme: String,
    pub(crate) host: String,
    pub(crate) port: Option<u16>,
}

/// In order: the nearest difference first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Difference {
    Port,
    Scheme,
    SchemeAndPort,
    Apex,
    TrailingDot,
    MissingWww,
    AddedWww,
    Subdomain,
    /// A similar name right below the same domain.
    Sibling,
    /// A look-alike: the domain's name without a dot before it.
    LabelBoundary,
    /// A look-alike, or a typo.
    Typo,
}

impl Nearest {
    /// Whether the origin only looks like the rule, and may belong to somebody else.
    pub(crate) fn is_look_alike(&self) -> bool {
        matches!(self.difference, Difference::LabelBoundary | Difference::Typo)
    }
}

/// The nearest of the first [`MAX_COMPARED`] patterns, if any is near.
pub(crate) fn nearest<'a>(origin: Origin<'_>, patterns: impl Iterator<Item = &'a str>) -> Option<Nearest> {
    let compare = |text| Some((difference(&origin, &Pattern::parse(text).ok()?)?, text));
    let (difference, pattern) =
        patterns.take(MAX_COMPARED).filter_map(compare).min_by_key(|(difference, _)| *difference)?;
    Some(Nearest {
        pattern: pattern.to_owned(),
        difference,
        scheme: origin.scheme.to_owned(),
        host: origin.host_text.to_owned(),
        port: origin.port,
    })
}

fn difference(origin: &Origin<'_>, pattern: &Pattern<'_>) -> Option<Difference> {
    let has_scheme = pattern.scheme == origin.scheme;
    let has_port = pattern.covers_port(origin);
    if pattern.covers_host(origin) {
        return Some(match (has_scheme, has_port) {
            (true, _) => Difference::Port,
            (false, true) => Difference::Scheme,
            (false, false) => Difference::SchemeAndPort,
        });
    }
    if !has_scheme || !has_port {
        return None;
    }
    let host = origin.host_text;
    match pattern.host {
        HostPattern::Below(domain) if host == domain => Some(Difference::Apex),
        HostPattern::Below(domain) if host.ends_with(domain) => Some(Difference::LabelBoundary),
        HostPattern::One(listed, _) if listed.trim_end_matches('.') == host.trim_end_matches('.') => {
            Some(Difference::TrailingDot)
        }
        HostPattern::One(listed, _) if listed.strip_prefix("www.") == Some(host) => {
            Some(Difference::MissingWww)
        }
        HostPattern::One(listed, _) if host.strip_prefix("www.") == Some(listed) => {
            Some(Difference::AddedWww)
        }
        HostPattern::One(listed, _)
            if host.strip_suffix(listed).is_some_and(|front| front.ends_with('.')) =>
        {
            Some(Difference::Subdomain)
        }
        HostPattern::One(listed, _) if are_siblings(listed, host) => Some(Difference::Sibling),
        HostPattern::One(listed, _) if ends_like(host, listed) => Some(Difference::LabelBoundary),
        HostPattern::One(name, _) | HostPattern::Below(name) if begins_like(host, name) => {
            Some(Difference::Typo)
        }
        // An opaque host in a different case is a different host.
        HostPattern::One(listed, _) if typo::is_near(listed, host) || listed.eq_ignore_ascii_case(host) => {
            Some(Difference::Typo)
        }
        _ => None,
    }
}

/// Whether a host continues after a name: `app.example.com.evil.test`. Anybody can have a host that begins like this.
fn begins_like(host: &str, name: &str) -> bool {
    // A name without a dot, such as a host in a private network, is often the start of its own full name.
    let has_domain = name.contains('.');
    has_domain
        && host.match_indices(name).any(|(start, _)| {
            let (before, after) = (&host[..start], &host[start + name.len()..]);
            (before.is_empty() || before.ends_with('.')) && after.len() > 1 && after.starts_with('.')
        })
}

/// Whether a host is a registered name with more letters directly before it: `evilexample.com` for `example.com`. Short names are
/// ignored: `netflix.com` is unrelated to `x.com`.
fn ends_like(host: &str, name: &str) -> bool {
    let is_glued = host.strip_suffix(name).is_some_and(|front| !front.is_empty() && !front.ends_with('.'));
    let is_registered = |(label, parent): (&str, &str)| {
        label.len() >= MIN_TELLING_LABEL_LEN && host::is_public_suffix(parent)
    };
    is_glued && name.split_once('.').is_some_and(is_registered)
}

/// Whether two hosts are similar names right below one domain with one owner. Other names below that domain are not near each other.
fn are_siblings(left: &str, right: &str) -> bool {
    match (left.split_once('.'), right.split_once('.')) {
        (Some((left_label, left_domain)), Some((right_label, right_domain))) => {
            left_domain == right_domain
                && typo::is_near(left_label, right_label)
                && ![left_domain, left, right].into_iter().any(host::is_public_suffix)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nearest_of(origin: &str, patterns: &[&str]) -> Option<Nearest> {
        nearest(Origin::parse(origin).expect("an origin"), patterns.iter().copied())
    }

    #[test]
    fn the_difference_is_found() {
        let cases = [
            ("https://a.example:8443", "https://a.example", Difference::Port),
            ("https://a.example", "https://a.example:1", Difference::Port),
            ("http://a.example", "https://a.example", Difference::Scheme),
            ("http://a.b.example", "https://*.b.example", Difference::Scheme),
            ("http://a.example:81", "https://a.example", Difference::SchemeAndPort),
            ("https://b.example", "https://*.b.example", Difference::Apex),
            ("https://a.example.", "https://a.example", Difference::TrailingDot),
            ("https://a.example", "https://a.example.", Difference::TrailingDot),
            ("https://a.example", "https://www.a.example", Difference::MissingWww),
            ("https://www.a.example", "https://a.example", Difference::AddedWww),
            ("https://x.a.example", "https://a.example", Difference::Subdomain),
            ("https://app2.a.example", "https://app1.a.example", Difference::Sibling),
            ("https://evila.example", "https://*.a.example", Difference::LabelBoundary),
            ("https://evilexample.com", "https://example.com", Difference::LabelBoundary),
            ("https://a.evilexample.com", "https://example.com", Difference::LabelBoundary),
            ("https://app.example.com.evil.test", "https://app.example.com", Difference::Typo),
            ("https://x.app.example.com.evil.test", "https://app.example.com", Difference::Typo),
            ("https://a.example.com.evil.test", "https://*.example.com", Difference::Typo),
            ("https://example.com.evil.test", "https://*.example.com", Difference::Typo),
            ("https://127.0.0.1.evil.test", "https://127.0.0.1", Difference::Typo),
            ("https://exmaple.com", "https://example.com", Difference::Typo),
            ("https://app.exarnple.com", "https://app.example.com", Difference::Typo),
            ("capacitor://myapp", "capacitor://MyApp", Difference::Typo),
            ("capacitor://MyApp:8080", "capacitor://MyApp", Difference::Port),
        ];
        for (origin, pattern, expected) in cases {
            let nearest = nearest_of(origin, &[pattern]);
            assert_eq!(nearest.map(|nearest| nearest.difference), Some(expected), "{origin} and {pattern}");
        }
    }

    #[test]
    fn hosts_right_below_a_public_suffix_are_no_siblings() {
        let nearest = nearest_of("https://team2.com", &["https://team1.com"]);
        assert_eq!(nearest.map(|nearest| nearest.difference), Some(Difference::Typo));
    }

    #[cfg(feature = "public-suffix")]
    #[test]
    fn a_domain_with_a_public_suffix_below_it_has_one_owner_all_the_same() {
        let cases = [
            ("https://team2.amazonaws.com", "https://team1.amazonaws.com", Difference::Sibling),
            // `*.kawasaki.jp` makes each a public suffix.
            ("https://team2.kawasaki.jp", "https://team1.kawasaki.jp", Difference::Typo),
        ];
        for (origin, pattern, difference) in cases {
            let nearest = nearest_of(origin, &[pattern]);
            assert_eq!(nearest.map(|nearest| nearest.difference), Some(difference), "{origin}");
        }
    }

    #[test]
    fn what_has_nothing_in_common_is_not_near() {
        assert_eq!(nearest_of("https://wiki.corp.test", &["https://wiki"]), None);
        assert_eq!(nearest_of("https://netflix.com", &["https://x.com"]), None);
        assert_eq!(nearest_of("https://a.example.community.test", &["https://a.example.com"]), None);
        for pattern in
            ["https://other.example", "https://*.other.example", "http://localhost:*", "moz-extension://*"]
        {
            assert_eq!(nearest_of("https://app.unlike.test", &[pattern]), None, "{pattern}");
        }
    }

    #[test]
    fn the_nearest_of_several_is_found() {
        let rules = [
            "https://exampel.com",
            "https://*.example.com",
            "https://example.com:81",
            "https://example.com:82",
        ];
        let nearest = nearest_of("https://example.com", &rules);
        assert_eq!(nearest.map(|nearest| nearest.pattern).as_deref(), Some("https://example.com:81"));
    }

    #[test]
    fn rules_are_looked_at_up_to_the_limit_and_not_one_past_it() {
        let near = "https://near.example:1";
        let mut rules = vec!["https://far.test"; MAX_COMPARED - 1];
        rules.push(near);
        assert!(nearest_of("https://near.example", &rules).is_some());
        rules.insert(0, "https://far.test");
        assert_eq!(nearest_of("https://near.example", &rules), None);
    }
}
