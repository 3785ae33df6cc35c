//! The rule that comes nearest to an origin which no rule allows, and how the two differ.

use std::fmt;

use super::{HostPattern, Origin, Pattern};
use crate::quoted::Quoted;
use crate::typo;

/// How many rules are looked at: a policy may have a million, and strangers may ask.
pub(crate) const MAX_COMPARED: usize = 10_000;

/// The nearest rule. Its `Display` says how the origin differs.
pub(crate) struct Nearest<'a> {
    pattern: &'a str,
    difference: Difference,
    origin: Origin<'a>,
}

/// The nearest one first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Difference {
    Port,
    Scheme,
    SchemeAndPort,
    Apex,
    TrailingDot,
    MissingWww,
    AddedWww,
    Subdomain,
    LabelBoundary,
    Typo,
}

/// The nearest of the first [`MAX_COMPARED`] patterns, if one is near.
pub(crate) fn nearest<'a>(
    origin: Origin<'a>,
    patterns: impl Iterator<Item = &'a str>,
) -> Option<Nearest<'a>> {
    patterns
        .take(MAX_COMPARED)
        .filter_map(|pattern| {
            let difference = difference(&origin, &Pattern::parse(pattern).ok()?)?;
            Some(Nearest { pattern, difference, origin })
        })
        .min_by_key(|nearest| nearest.difference)
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
        HostPattern::One(listed, _) if typo::is_near(listed, host) => Some(Difference::Typo),
        _ => None,
    }
}

impl fmt::Display for Nearest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (rule, host) = (Quoted(self.pattern), Quoted(self.origin.host_text));
        let scheme = Quoted(self.origin.scheme);
        let port = Port(self.origin.port);
        match self.difference {
            Difference::Port => write!(f, "{rule} is allowed; {port} is not"),
            Difference::Scheme => write!(f, "{rule} is allowed; the scheme {scheme} is not"),
            Difference::SchemeAndPort => {
                write!(f, "{rule} is allowed; neither the scheme {scheme} nor {port} is")
            }
            Difference::Apex => write!(f, "the apex is not covered by {rule}"),
            Difference::TrailingDot if self.origin.host_text.ends_with('.') => {
                write!(f, "{rule} is allowed; with a dot at its end the host is another one")
            }
            Difference::TrailingDot => {
                write!(f, "{rule} is allowed; without the dot at its end the host is another one")
            }
            Difference::MissingWww => write!(f, "{rule} is allowed; without `www.` the host is another one"),
            Difference::AddedWww => write!(f, "{rule} is allowed; with `www.` the host is another one"),
            Difference::Subdomain => write!(f, "{rule} is allowed; its subdomains are not"),
            Difference::LabelBoundary => {
                write!(f, "{rule} covers whole labels in front of its domain; {host} is another domain")
            }
            Difference::Typo => write!(f, "{rule} is allowed, which is spelled nearly the same"),
        }
    }
}

struct Port(Option<u16>);

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(port) => write!(f, "the port {port}"),
            None => f.write_str("the default port"),
        }
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
