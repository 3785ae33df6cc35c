//! The origin of a page, and how it relates to the URLs that the page fetches.

use std::fmt;

use url::Host;

use super::http_url::HttpUrl;
use crate::origin::suffix;

/// The origin of a page, as in HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::browser) enum Origin {
    /// A sandboxed frame, a `data:` document, a local file: equal to no other origin, serialized as `null`.
    Opaque,
    /// The origin of an `http:` or `https:` page.
    Http(url::Origin),
    /// The serialized origin of an app or an extension, such as `tauri://localhost`.
    ///
    /// The URL Standard has an opaque origin for such schemes, but browsers and web views send `scheme://host`. They treat
    /// the host as opaque and keep its case.
    App(String),
}

impl Origin {
    /// The origin of the page at `page`, which is a URL, an origin or `null`.
    pub(in crate::browser) fn of_page(page: &str) -> Option<Self> {
        let page = page.trim();
        if page == "null" {
            return Some(Self::Opaque);
        }
        let (scheme, rest) = page.split_once(':')?;
        let scheme = scheme.to_ascii_lowercase();
        match scheme.as_str() {
            "about" | "data" | "file" => Some(Self::Opaque),
            "http" | "https" => Some(Self::Http(HttpUrl::parse(page, None).ok()?.origin())),
            _ => Self::of_app(&scheme, rest.strip_prefix("//")?),
        }
    }

    fn of_app(scheme: &str, rest: &str) -> Option<Self> {
        let host = rest.split(['/', '?', '#']).next()?;
        let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte);
        let is_valid = is_scheme(scheme) && !host.is_empty() && host.bytes().all(is_host);
        is_valid.then(|| Self::App(format!("{scheme}://{host}")))
    }

    /// HTML, "same origin".
    pub(super) fn is_same_origin(&self, url: &HttpUrl) -> bool {
        matches!(self, Self::Http(origin) if *origin == url.origin())
    }

    /// Whether the two belong to one site: the same scheme, and the same registrable domain.
    ///
    /// `Sec-Fetch-Site` and `SameSite` depend on it.
    pub(super) fn is_same_site(&self, url: &HttpUrl) -> bool {
        let Self::Http(url::Origin::Tuple(scheme, host, _)) = self else { return false };
        let url::Origin::Tuple(url_scheme, url_host, _) = url.origin() else { return false };
        *scheme == url_scheme && site(host) == site(&url_host)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Opaque => f.write_str("null"),
            Self::Http(origin) => f.write_str(&origin.ascii_serialization()),
            Self::App(origin) => f.write_str(origin),
        }
    }
}

/// URL Standard, scheme: a letter, then letters, digits, `+`, `-` and `.`.
fn is_scheme(scheme: &str) -> bool {
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

/// The registrable domain, or the whole host if there is no registrable domain: an IP address, a public suffix.
fn site(host: &Host) -> Host<&str> {
    match host {
        Host::Domain(domain) => {
            // A dot at the end stays: with it, the domain is another site.
            let bare = domain.strip_suffix('.').unwrap_or(domain);
            let in_front = bare.len() - suffix::registrable_domain(bare).unwrap_or(bare).len();
            Host::Domain(&domain[in_front..])
        }
        Host::Ipv4(address) => Host::Ipv4(*address),
        Host::Ipv6(address) => Host::Ipv6(*address),
    }
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
            ("https:///a.example", "https://a.example"),
            ("http://127.0.0.1:80", "http://127.0.0.1"),
            ("http://127.1:8080", "http://127.0.0.1:8080"),
            ("http://[0:0:0:0:0:0:0:1]:3000", "http://[::1]:3000"),
            ("https://bücher.example/", "https://xn--bcher-kva.example"),
            ("https://b%C3%BCcher.example", "https://xn--bcher-kva.example"),
            ("null", "null"),
            ("file:///tmp/page.html", "null"),
            ("data:text/html,<p>", "null"),
            ("about:blank", "null"),
        ];
        for (page, origin) in cases {
            let found = Origin::of_page(page).map(|origin| origin.to_string());
            assert_eq!(found.as_deref(), Some(origin), "{page}");
        }
    }

    #[test]
    fn apps_and_extensions_have_the_origin_that_web_views_send() {
        let extension = "chrome-extension://abcdefghijklmnopabcdefghijklmnop";
        let popup = format!("{extension}/popup.html");
        let cases = [
            (popup.as_str(), extension),
            ("tauri://localhost", "tauri://localhost"),
            ("Capacitor://MyApp/index.html", "capacitor://MyApp"),
            ("app://host:8080/x", "app://host:8080"),
            ("vscode-webview://0a1b2c?id=1", "vscode-webview://0a1b2c"),
        ];
        for (page, origin) in cases {
            let page = Origin::of_page(page).unwrap();
            assert_eq!(page, Origin::App(origin.to_owned()));
            assert_eq!(page.to_string(), origin);
            let url = HttpUrl::parse("https://localhost/", None).unwrap();
            assert!(!page.is_same_origin(&url) && !page.is_same_site(&url), "{origin}");
        }
    }

    #[test]
    fn what_is_not_a_page_has_no_origin() {
        for page in [
            "",
            "app.example.com",
            "//app.example.com",
            "https:",
            "https://",
            "https://a b",
            "https://a.example:x",
            "https://a.example:65536",
            "https://1.2.3.256",
            "https://[::1",
            "https://a%00b",
            "*",
            "Null",
            "file",
            "1://a",
            "tauri://",
            "tauri:localhost",
            "localhost:5173",
            "capacitor://büro",
        ] {
            assert_eq!(Origin::of_page(page), None, "{page}");
        }
    }

    #[test]
    fn sites_are_compared_by_scheme_and_registrable_domain() {
        let cases = [
            ("https://a.example.com", "https://b.example.com", true),
            ("https://example.com", "https://b.a.example.com:8443", true),
            ("https://bücher.example", "https://api.xn--bcher-kva.example", true),
            ("http://a.example.com", "https://a.example.com", false),
            ("https://a.example.com", "https://a.example.net", false),
            ("http://localhost:1", "http://localhost:2", true),
            ("http://localhost", "http://a.localhost", false),
            ("http://127.0.0.1", "http://127.1:3000", true),
            ("http://127.0.0.1", "http://10.0.0.1", false),
            ("http://10.1.0.1", "http://10.2.0.1", false),
            ("http://[::1]", "http://[::1]:3000", true),
            ("http://[::1]", "http://[::2]", false),
            ("https://a.co.uk", "https://b.co.uk", false),
            ("https://a.b.co.uk", "https://c.b.co.uk", true),
            ("https://app.github.io", "https://api.github.io", false),
            ("https://a.example.com.", "https://b.example.com.", true),
            ("https://a.example.com.", "https://a.example.com", false),
            ("https://example.", "https://example", false),
            ("null", "https://a.example", false),
        ];
        for (page, url, same) in cases {
            let (page, url) = (Origin::of_page(page).unwrap(), HttpUrl::parse(url, None).unwrap());
            assert_eq!(page.is_same_site(&url), same, "{page} {url}");
        }
    }
}
