//! The rule that comes nearest to an origin which no rule allows, and how the two differ.

use super::{HostPattern, Origin, Pattern, host};
use crate::typo;

/// How many rules are looked at: a policy may have a million, and strangers may ask.
const MAX_COMPARED: usize = 10_000;

/// The nearest rule, and how an origin differs from it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Nearest {
    pub(crate) pattern: String,
    pub(crate) difference: Difference,
    pub(crate) scheme: String,
    pub(crate) host: String,
    pub(crate) port: Option<u16>,
}

/// The nearest one first.
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
    /// Another host right below the same domain.
    Sibling,
    /// A look-alike: the domain's name without a dot in front.
    LabelBoundary,
    /// A look-alike, or a slip of the hand.
    Typo,
}

impl Nearest {
    /// Whether the origin only looks like the rule, and may well be somebody else's.
    pub(crate) fn is_look_alike(&self) -> bool {
        matches!(self.difference, Difference::LabelBoundary | Difference::Typo)
    }
}

/// The nearest of the first [`MAX_COMPARED`] patterns, if one is near.
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
        HostPattern::One(listed, _) if typo::is_near(listed, host) => Some(Difference::Typo),
        _ => None,
    }
}

/// Whether two hosts are right below one domain that has one owner. Only those spelled alike count: any two are no nearer to each
/// other than strangers.
fn are_siblings(left: &str, right: &str) -> bool {
    match (left.split_once('.'), right.split_once('.')) {
        (Some((left_label, left)), Some((right_label, right))) => {
            left == right && typo::is_near(left_label, right_label) && !host::spans_registrable_domains(left)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentence(origin: &str, patterns: &[&str]) -> Option<String> {
        let origin = Origin::parse(origin).expect("an origin");
        nearest(origin, patterns.iter().copied()).map(|nearest| nearest.to_string())
    }

    #[test]
    fn the_difference_is_named() {
        let cases = [
            (
                "https://a.example:8443",
                "https://a.example",
                "`https://a.example` is allowed; the port 8443 is not",
            ),
            (
                "https://a.example",
                "https://a.example:1",
                "`https://a.example:1` is allowed; the default port is not",
            ),
            (
                "http://a.example",
                "https://a.example",
                "`https://a.example` is allowed; the scheme `http` is not",
            ),
            (
                "http://a.b.example",
                "https://*.b.example",
                "`https://*.b.example` is allowed; the scheme `http` is not",
            ),
            (
                "http://a.example:81",
                "https://a.example",
                "`https://a.example` is allowed; neither the scheme `http` nor the port 81 is",
            ),
            ("https://b.example", "https://*.b.example", "the apex is not covered by `https://*.b.example`"),
            (
                "https://a.example.",
                "https://a.example",
                "`https://a.example` is allowed; with a dot at its end the host is another one",
            ),
            (
                "https://a.example",
                "https://a.example.",
                "`https://a.example.` is allowed; without the dot at its end the host is another one",
            ),
            (
                "https://a.example",
                "https://www.a.example",
                "`https://www.a.example` is allowed; without `www.` the host is another one",
            ),
            (
                "https://www.a.example",
                "https://a.example",
                "`https://a.example` is allowed; with `www.` the host is another one",
            ),
            (
                "https://x.a.example",
                "https://a.example",
                "`https://a.example` is allowed; its subdomains are not",
            ),
            (
                "https://evila.example",
                "https://*.a.example",
                "`https://*.a.example` covers whole labels in front of its domain; `evila.example` is another domain",
            ),
            (
                "https://exmaple.com",
                "https://example.com",
                "`https://example.com` is allowed, which is spelled nearly the same",
            ),
        ];
        for (origin, pattern, expected) in cases {
            assert_eq!(sentence(origin, &[pattern]).as_deref(), Some(expected));
        }
    }

    #[test]
    fn what_has_nothing_in_common_is_not_near() {
        for pattern in
            ["https://other.example", "https://*.other.example", "http://localhost:*", "moz-extension://*"]
        {
            assert_eq!(sentence("https://app.unlike.test", &[pattern]), None, "{pattern}");
        }
    }

    #[test]
    fn the_nearest_of_several_is_named() {
        let rules = [
            "https://exampel.com",
            "https://*.example.com",
            "https://example.com:81",
            "https://example.com:82",
        ];
        let expected = "`https://example.com:81` is allowed; the default port is not";
        assert_eq!(sentence("https://example.com", &rules).as_deref(), Some(expected));
    }

    #[test]
    fn rules_are_looked_at_up_to_the_limit_and_not_one_past_it() {
        let near = "https://near.example:1";
        let mut rules = vec!["https://far.test"; MAX_COMPARED - 1];
        rules.push(near);
        assert!(sentence("https://near.example", &rules).is_some());
        rules.insert(0, "https://far.test");
        assert_eq!(sentence("https://near.example", &rules), None);
    }
}
