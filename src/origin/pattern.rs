//! Patterns: how a policy can name origins.

use std::fmt;
use std::str::FromStr;

use super::host::{self, Host, MAX_DOMAIN_LEN, Reach};
use super::{
    Origin, OriginProblem, default_port, diagnosis, idna, is_never_sent, is_scheme, split_port, split_scheme,
};

/// The schemes of browser extensions. A `*` as their host means any extension of that browser.
const EXTENSION_SCHEMES: [&str; 3] = ["chrome-extension", "moz-extension", "safari-web-extension"];

/// An origin or a set of origins, as a policy can list it.
///
/// | pattern | matches | does not match |
/// |---|---|---|
/// | `https://example.com`, `capacitor://MyApp` | that origin, byte for byte | `http://example.com`, `https://example.com:8443`, `https://example.com.` |
/// | `https://*.example.com` | `https://a.example.com`, `https://a.b.example.com` | `https://example.com`, `https://aexample.com` |
/// | `http://localhost:*` | `http://localhost`, `http://localhost:3000` | `https://localhost` |
/// | `https://*.example.com:*` | `https://a.example.com:8443` | `https://example.com:8443` |
/// | `moz-extension://*` | any extension in Firefox; likewise `chrome-extension`, `safari-web-extension` | |
///
/// Write the scheme and host of a web page in lower case, as browsers send them. An app's host keeps its case, and is compared byte for
/// byte, also below `capacitor://*.MyApp`. There are no other wildcards: not in the middle of a name, not in part of a label, not for the
/// scheme.
///
/// ```
/// use tower_cors::OriginPattern;
///
/// let pattern: OriginPattern = "https://*.example.com".parse()?;
/// assert_eq!(pattern.to_string(), "https://*.example.com");
/// assert!("https://app*.example.com".parse::<OriginPattern>().is_err());
/// # Ok::<(), tower_cors::OriginProblem>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OriginPattern(Box<str>);

impl OriginPattern {
    /// The pattern's text. `Display` prints the same.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for OriginPattern {
    type Err = OriginProblem;

    /// # Errors
    ///
    /// The first reason why the text is not a valid pattern.
    fn from_str(text: &str) -> Result<Self, OriginProblem> {
        Pattern::parse(text).map(|_| Self(text.into()))
    }
}

impl fmt::Display for OriginPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The parts of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pattern<'a> {
    pub(crate) scheme: &'a str,
    pub(crate) host: HostPattern<'a>,
    pub(crate) port: PortPattern,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HostPattern<'a> {
    /// This host, with its text.
    One(&'a str, Host<'a>),
    /// One or more labels before this domain.
    Below(&'a str),
    /// Any host of an extension's scheme.
    AnyExtension,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PortPattern {
    /// This port; `None` is the scheme's default.
    One(Option<u16>),
    Any,
}

impl<'a> Pattern<'a> {
    /// Parses a pattern. Exact patterns use the same grammar as requests, so a pattern that is accepted can match.
    pub(crate) fn parse(text: &'a str) -> Result<Self, OriginProblem> {
        let pattern = match Origin::from_serialized(text) {
            Some(origin) => Self::of(&origin),
            None => Self::parse_wildcard(text).ok_or_else(|| diagnosis::diagnose(text))?,
        };
        match pattern.host {
            // Well-formed, and browsers send it. But it names an IPv4 service, which no page calls in this form.
            HostPattern::One(_, Host::Ipv6(address)) if address.to_ipv4_mapped().is_some() => {
                Err(OriginProblem::Ipv4Mapped)
            }
            // Well-formed, but browsers never open such a host. Requests are not checked for this: such an origin could only match a
            // wildcard.
            HostPattern::One(domain, _) | HostPattern::Below(domain)
                if pattern.is_special() && domain.split('.').any(idna::is_never_sent) =>
            {
                Err(OriginProblem::InvalidPunycode)
            }
            _ => Ok(pattern),
        }
    }

    fn is_special(&self) -> bool {
        default_port(self.scheme).is_some()
    }

    /// The pattern that matches one origin alone.
    pub(crate) fn of(origin: &Origin<'a>) -> Self {
        Self {
            scheme: origin.scheme,
            host: HostPattern::One(origin.host_text, origin.host),
            port: PortPattern::One(origin.port),
        }
    }

    /// Whether it is a single origin, so its text is the origin.
    pub(crate) fn is_exact(&self) -> bool {
        matches!((self.host, self.port), (HostPattern::One(..), PortPattern::One(_)))
    }

    fn parse_wildcard(text: &'a str) -> Option<Self> {
        let (scheme, authority) = split_scheme(text)?;
        if !is_scheme(scheme) || is_never_sent(scheme) {
            return None;
        }
        if authority == "*" && EXTENSION_SCHEMES.contains(&scheme) {
            return Some(Self { scheme, host: HostPattern::AnyExtension, port: PortPattern::One(None) });
        }
        let (host, port) = match split_port(authority) {
            (host, None) => (host, PortPattern::One(None)),
            (host, Some("*")) => (host, PortPattern::Any),
            (host, Some(digits)) => {
                let port = super::parse_port(digits).filter(|port| default_port(scheme) != Some(*port))?;
                (host, PortPattern::One(Some(port)))
            }
        };
        let special = default_port(scheme).is_some();
        let host = match host.strip_prefix("*.") {
            None => HostPattern::One(host, Host::parse(host, special)?),
            Some(domain) => match Host::parse(domain, special)? {
                // A label and its dot must fit before the domain, or nothing could match.
                Host::Domain(domain) if domain.trim_end_matches('.').len() + "a.".len() <= MAX_DOMAIN_LEN => {
                    HostPattern::Below(domain)
                }
                _ => return None,
            },
        };
        Some(Self { scheme, host, port })
    }

    pub(crate) fn covers_port(&self, origin: &Origin<'_>) -> bool {
        self.port == PortPattern::Any || self.port == PortPattern::One(origin.port)
    }

    pub(crate) fn covers_host(&self, origin: &Origin<'_>) -> bool {
        match self.host {
            HostPattern::One(host, _) => host == origin.host_text,
            HostPattern::Below(domain) => {
                let front = origin.host_text.strip_suffix(domain);
                front.is_some_and(|front| front.len() > 1 && front.ends_with('.'))
            }
            HostPattern::AnyExtension => {
                self.scheme == origin.scheme && matches!(origin.host, Host::Domain(_))
            }
        }
    }

    /// Whether others on the network can change the pages of matching origins: plain `http:` to another machine.
    pub(crate) fn is_insecure(&self) -> bool {
        self.scheme == "http" && !self.is_local()
    }

    /// Which machines can reach the host.
    pub(crate) fn reach(&self) -> Reach {
        match self.host {
            HostPattern::One(_, host) => Reach::of(host),
            HostPattern::Below(_) | HostPattern::AnyExtension => Reach::Public,
        }
    }

    /// Why strangers' hosts match, if they do.
    pub(crate) fn strangers(&self) -> Option<OriginProblem> {
        match self.host {
            HostPattern::Below(domain) => host::strangers_below(domain),
            HostPattern::AnyExtension => Some(OriginProblem::AnyExtension),
            HostPattern::One(..) => None,
        }
    }

    fn is_local(&self) -> bool {
        match self.host {
            HostPattern::One(_, host) => host.is_local(),
            HostPattern::Below(domain) => Host::Domain(domain).is_local(),
            HostPattern::AnyExtension => false,
        }
    }
}
