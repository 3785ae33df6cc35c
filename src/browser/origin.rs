//! Origins: the page's, and those of the URLs that it fetches.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use super::url::Url;

/// The origin of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Origin {
    /// A sandboxed frame, a `data:` document, a local file: equal to no other origin, serialized as `null`.
    Opaque,
    Tuple(TupleOrigin),
}

impl Origin {
    /// The origin of the page at `page`, which is a URL, an origin or `null`.
    ///
    /// For schemes other than `http` and `https` (`chrome-extension:`, `tauri:`), the host is taken as it is,
    /// since it is opaque to browsers too.
    pub(super) fn of_page(page: &str) -> Option<Self> {
        let page = page.trim();
        let scheme = page.split(':').next()?.to_ascii_lowercase();
        match scheme.as_str() {
            "null" if page == "null" => Some(Self::Opaque),
            "about" | "data" | "file" if scheme.len() < page.len() => Some(Self::Opaque),
            "http" | "https" => Url::parse(page, None).ok().map(|url| Self::Tuple(url.origin().clone())),
            _ => {
                let rest = page.get(scheme.len()..)?.strip_prefix("://")?;
                let host = rest.split(['/', '?', '#']).next()?;
                let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte);
                let good = is_scheme(&scheme) && !host.is_empty() && host.bytes().all(is_host);
                good.then(|| Self::Tuple(TupleOrigin { scheme, host: host.to_owned(), port: None }))
            }
        }
    }

    pub(super) fn is_same_origin(&self, other: &TupleOrigin) -> bool {
        matches!(self, Self::Tuple(origin) if origin == other)
    }

    /// Whether the two belong to one site: the same scheme, and the same registrable domain.
    ///
    /// What is compared is the last two labels, for want of the Public Suffix List: two domains right under
    /// `co.uk` count as one site. Nothing but `Sec-Fetch-Site` depends on it.
    pub(super) fn is_same_site(&self, other: &TupleOrigin) -> bool {
        let Self::Tuple(origin) = self else { return false };
        origin.scheme == other.scheme && (origin.host == other.host || origin.site() == other.site())
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Opaque => f.write_str("null"),
            Self::Tuple(origin) => origin.fmt(f),
        }
    }
}

/// HTML's tuple origin. Two are the same origin when they are equal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TupleOrigin {
    scheme: String,
    host: String,
    /// `None` for the scheme's default port.
    port: Option<u16>,
}

impl TupleOrigin {
    /// Reads `host[:port]`, as the URL Standard does for `http` and `https`, but for Unicode and percent-encoded
    /// hosts and IPv4 addresses in other forms than the dotted quad, which are refused.
    pub(super) fn parse(scheme: &str, authority: &str) -> Option<Self> {
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => (host, port),
            _ => (authority, ""),
        };
        let default_port = if scheme == "https" { 443 } else { 80 };
        let port = match port {
            "" => None,
            digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                Some(digits.parse::<u16>().ok()?).filter(|port| *port != default_port)
            }
            _ => return None,
        };
        Some(Self { scheme: scheme.to_owned(), host: parse_host(host)?, port })
    }

    pub(super) fn scheme(&self) -> &str {
        &self.scheme
    }

    /// `host[:port]`: the value of `Host`.
    pub(super) fn authority(&self) -> String {
        self.port.map_or_else(|| self.host.clone(), |port| format!("{}:{port}", self.host))
    }

    /// Secure Contexts, "potentially trustworthy origin", for `http` and `https`.
    pub(super) fn is_potentially_trustworthy(&self) -> bool {
        let host = self.host.as_str();
        let is_loopback = host.parse().is_ok_and(|address: Ipv4Addr| address.is_loopback());
        self.scheme == "https"
            || is_loopback
            || host == "[::1]"
            || host == "localhost"
            || host.ends_with(".localhost")
    }

    /// What stands for the registrable domain: the last two labels, or a whole IP address.
    fn site(&self) -> &str {
        if self.host.starts_with('[') || self.host.parse::<Ipv4Addr>().is_ok() {
            return &self.host;
        }
        let second_last_dot = self.host.rmatch_indices('.').nth(1);
        second_last_dot.map_or(self.host.as_str(), |(dot, _)| &self.host[dot + 1..])
    }
}

impl fmt::Display for TupleOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.authority())
    }
}

/// URL Standard, scheme: a letter, then letters, digits, `+`, `-` and `.`.
pub(super) fn is_scheme(scheme: &str) -> bool {
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

fn parse_host(host: &str) -> Option<String> {
    if let Some(address) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        let address: Ipv6Addr = address.parse().ok()?;
        // Browsers write an IPv4-mapped address in hexadecimal, the standard library does not.
        return Some(match address.to_ipv4_mapped().map(|mapped| mapped.octets()) {
            Some([a, b, c, d]) => {
                format!("[::ffff:{:x}:{:x}]", u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]))
            }
            None => format!("[{address}]"),
        });
    }
    let host = host.to_ascii_lowercase();
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let name = host.strip_suffix('.').unwrap_or(&host);
    if !host.bytes().all(is_host) || name.split('.').any(str::is_empty) {
        return None;
    }
    // A host whose last label is a number is an IPv4 address, or a mistake.
    let last = name.rsplit('.').next()?;
    if last.bytes().all(|byte| byte.is_ascii_digit()) && host.parse::<Ipv4Addr>().is_err() {
        return None;
    }
    Some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_the_origin_of_its_url() {
        let cases = [
            ("https://app.example.com", "https://app.example.com"),
            ("https://app.example.com/", "https://app.example.com"),
            ("HTTPS://App.Example.com:443/a?b#c", "https://app.example.com"),
            ("http://localhost:5173/", "http://localhost:5173"),
            ("http://localhost:443", "http://localhost:443"),
            ("https://user:secret@a.example/", "https://a.example"),
            ("https://a.example.", "https://a.example."),
            ("http://127.0.0.1:80", "http://127.0.0.1"),
            ("http://[0:0:0:0:0:0:0:1]:3000", "http://[::1]:3000"),
            ("http://[::FFFF:1.2.3.4]", "http://[::ffff:102:304]"),
            (
                "chrome-extension://abcdefghijklmnopabcdefghijklmnop/popup.html",
                "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
            ),
            ("tauri://localhost", "tauri://localhost"),
            ("null", "null"),
            ("file:///tmp/page.html", "null"),
            ("data:text/html,<p>", "null"),
            ("about:blank", "null"),
        ];
        for (page, origin) in cases {
            assert_eq!(
                Origin::of_page(page).map(|origin| origin.to_string()).as_deref(),
                Some(origin),
                "{page}"
            );
        }
    }

    #[test]
    fn what_is_no_page_has_no_origin() {
        for page in [
            "",
            "app.example.com",
            "//app.example.com",
            "https:",
            "https://",
            "https:///path",
            "https://a b",
            "https://a..b",
            "https://a.example:x",
            "https://a.example:65536",
            "https://1.2.3",
            "https://[::1",
            "https://bücher.example",
            "*",
            "Null",
            "file",
            "1://a",
            "tauri://",
        ] {
            assert_eq!(Origin::of_page(page), None, "{page}");
        }
    }

    #[test]
    fn sites_are_compared_by_scheme_and_last_two_labels() {
        let cases = [
            ("https://a.example.com", "https://b.example.com", true),
            ("https://example.com", "https://b.a.example.com:8443", true),
            ("http://a.example.com", "https://a.example.com", false),
            ("https://a.example.com", "https://a.example.net", false),
            ("http://localhost:1", "http://localhost:2", true),
            ("http://localhost", "http://a.localhost", false),
            ("http://127.0.0.1", "http://10.0.0.1", false),
            ("http://10.1.0.1", "http://10.2.0.1", false),
            ("null", "https://a.example", false),
        ];
        for (page, url, same) in cases {
            let page = Origin::of_page(page).unwrap();
            assert_eq!(page.is_same_site(Url::parse(url, None).unwrap().origin()), same, "{page} {url}");
        }
    }

    #[test]
    fn secure_and_loopback_origins_are_trustworthy() {
        let cases = [
            ("https://a.example", true),
            ("http://a.example", false),
            ("http://localhost:3000", true),
            ("http://api.localhost", true),
            ("http://127.1.2.3", true),
            ("http://[::1]", true),
            ("http://128.0.0.1", false),
            ("http://localhost.example", false),
        ];
        for (url, trustworthy) in cases {
            assert_eq!(
                Url::parse(url, None).unwrap().origin().is_potentially_trustworthy(),
                trustworthy,
                "{url}"
            );
        }
    }
}
