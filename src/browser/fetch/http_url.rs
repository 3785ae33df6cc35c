//! The URLs that a page can fetch.

use std::fmt;

use http::Uri;
use http::uri::PathAndQuery;
use url::{Host, Url};

/// A URL with an HTTP(S) scheme, without its fragment, which is never sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::browser) struct HttpUrl {
    url: Url,
    target: PathAndQuery,
}

/// Why a text is not a URL that can be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::browser) enum UrlError {
    Malformed,
    /// A URL whose scheme is neither `http` nor `https`.
    Scheme(String),
}

impl HttpUrl {
    /// Parses `input`, relative to `base`.
    pub(in crate::browser) fn parse(input: &str, base: Option<&Self>) -> Result<Self, UrlError> {
        let base = base.map(|base| &base.url);
        let mut url = Url::options().base_url(base).parse(input).map_err(|_| UrlError::Malformed)?;
        // Fetch, "HTTP(S) scheme".
        if !matches!(url.scheme(), "http" | "https") {
            return Err(UrlError::Scheme(url.scheme().to_owned()));
        }
        url.set_fragment(None);
        // URL Standard, "path percent-encode set": `^` is in it, but `url` 2.5 does not encode it.
        if url.path().contains('^') {
            url.set_path(&url.path().replace('^', "%5E"));
        }
        let target = match url.query() {
            Some(query) => PathAndQuery::try_from(format!("{}?{query}", url.path())),
            None => PathAndQuery::try_from(url.path()),
        };
        // The `http` crate refuses only targets that are longer than any server reads.
        let target = target.map_err(|_| UrlError::Malformed)?;
        Ok(Self { url, target })
    }

    pub(in crate::browser) fn origin(&self) -> url::Origin {
        self.url.origin()
    }

    /// `host[:port]`, without the scheme's default port: the value of `Host`.
    pub(super) fn authority(&self) -> String {
        let host = self.host();
        self.url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// The host as it is serialized: a domain in lower case, or an IP address.
    pub(super) fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    pub(super) fn path(&self) -> &str {
        self.url.path()
    }

    /// The request target in origin form, as an HTTP/1 server sees it: path and query.
    pub(super) fn target(&self) -> Uri {
        Uri::from(self.target.clone())
    }

    /// The request target in absolute form: the whole URL. `None` for a host that the `http` crate refuses,
    /// such as `a{b}.example`, which no name server resolves.
    pub(super) fn absolute_target(&self) -> Option<Uri> {
        let uri = Uri::builder().scheme(self.url.scheme()).authority(self.authority());
        uri.path_and_query(self.target.clone()).build().ok()
    }

    /// URL Standard, "includes credentials": a user name or a password that is not empty.
    pub(in crate::browser) fn includes_credentials(&self) -> bool {
        !self.url.username().is_empty() || self.url.password().is_some_and(|password| !password.is_empty())
    }

    /// Secure Contexts, "potentially trustworthy origin", for `http` and `https`.
    pub(super) fn is_potentially_trustworthy(&self) -> bool {
        self.url.scheme() == "https"
            || match self.url.host() {
                Some(Host::Domain(domain)) => domain == "localhost" || domain.ends_with(".localhost"),
                Some(Host::Ipv4(address)) => address.is_loopback(),
                Some(Host::Ipv6(address)) => address.is_loopback(),
                None => false,
            }
    }
}

/// Without user name and password, which do not belong in a log.
impl fmt::Display for HttpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}{}", self.url.scheme(), self.authority(), self.target)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parsed(input: &str) -> HttpUrl {
        HttpUrl::parse(input, None).unwrap()
    }

    fn resolved(input: &str, base: &str) -> String {
        HttpUrl::parse(input, Some(&parsed(base))).unwrap().to_string()
    }

    #[test]
    fn references_are_resolved_as_browsers_do() {
        let base = "https://a.example:8443/b/c?d";
        let cases = [
            ("https://other.example", "https://other.example/"),
            ("http://other.example:80/x", "http://other.example/x"),
            ("//other.example/x", "https://other.example/x"),
            ("\\\\other.example\\x", "https://other.example/x"),
            ("/x", "https://a.example:8443/x"),
            ("x", "https://a.example:8443/b/x"),
            ("./x", "https://a.example:8443/b/x"),
            ("../x", "https://a.example:8443/x"),
            ("../../../x/", "https://a.example:8443/x/"),
            ("%2e%2E/x", "https://a.example:8443/x"),
            ("x/..", "https://a.example:8443/b/"),
            ("/.", "https://a.example:8443/"),
            ("?q=1", "https://a.example:8443/b/c?q=1"),
            ("", "https://a.example:8443/b/c?d"),
            ("#f", "https://a.example:8443/b/c?d"),
            ("/x#f?g", "https://a.example:8443/x"),
            ("/a b/é?c d'", "https://a.example:8443/a%20b/%C3%A9?c%20d%27"),
            ("  /x\n", "https://a.example:8443/x"),
            ("/to?next=https://b.example/\\", "https://a.example:8443/to?next=https://b.example/\\"),
            ("//a//b", "https://a//b"),
            ("https:x", "https://a.example:8443/b/x"),
            ("http:x", "http://x/"),
            ("https:///other.example/x", "https://other.example/x"),
        ];
        for (input, url) in cases {
            assert_eq!(resolved(input, base), url, "{input:?}");
        }
    }

    #[test]
    fn hosts_are_read_as_browsers_do() {
        let cases = [
            ("https://bücher.example/", "https://xn--bcher-kva.example/"),
            ("https://BÜCHER.example./", "https://xn--bcher-kva.example./"),
            ("https://例え。テスト/", "https://xn--r8jz45g.xn--zckzah/"),
            ("https://faß.example/", "https://xn--fa-hia.example/"),
            ("https://ａ.example/", "https://a.example/"),
            ("https://%61pi.example/", "https://api.example/"),
            ("https://b%C3%BCcher.example/", "https://xn--bcher-kva.example/"),
            ("http://127.1/", "http://127.0.0.1/"),
            ("http://127.1:3000/", "http://127.0.0.1:3000/"),
            ("http://2130706433/", "http://127.0.0.1/"),
            ("http://0x7f.0.0.1/", "http://127.0.0.1/"),
            ("http://0177.0.0.01/", "http://127.0.0.1/"),
            ("http://127.0.0.1./", "http://127.0.0.1/"),
            ("http://1.2.3/", "http://1.2.0.3/"),
            ("http://[0:0:0:0:0:0:0:1]/", "http://[::1]/"),
            ("http://[::FFFF:1.2.3.4]/", "http://[::ffff:102:304]/"),
        ];
        for (input, url) in cases {
            assert_eq!(parsed(input).to_string(), url);
        }
        for host in ["256.0.0.1", "1.2.3.4.5", "0x100000000", "[::1%25eth0]", "a%00b", "a%2Fb", "a|b"] {
            assert_eq!(HttpUrl::parse(&format!("http://{host}/"), None), Err(UrlError::Malformed), "{host}");
        }
    }

    #[test]
    fn other_schemes_and_bad_hosts_are_told_apart() {
        let base = parsed("https://a.example/");
        for (input, error) in [
            ("ftp://a.example/", UrlError::Scheme("ftp".into())),
            ("data:,x", UrlError::Scheme("data".into())),
            ("javascript:1", UrlError::Scheme("javascript".into())),
            ("https://", UrlError::Malformed),
            ("https://a example/", UrlError::Malformed),
            ("//:80/", UrlError::Malformed),
        ] {
            assert_eq!(HttpUrl::parse(input, Some(&base)), Err(error), "{input:?}");
        }
        assert_eq!(HttpUrl::parse("/x", None), Err(UrlError::Malformed));
    }

    #[test]
    fn a_target_that_is_too_long_for_http_is_refused() {
        let longest = usize::from(u16::MAX) - 1;
        let path = |length: usize| format!("https://a.example/{}", "a".repeat(length - 1));
        assert!(HttpUrl::parse(&path(longest), None).is_ok());
        assert_eq!(HttpUrl::parse(&path(longest + 1), None), Err(UrlError::Malformed));
    }

    #[test]
    fn the_request_target_is_path_and_query() {
        for (input, target, authority) in [
            ("https://a.example", "/", "a.example"),
            ("https://a.example:443/x?#f", "/x?", "a.example"),
            ("http://a.example:443/`^{}?q=`^{}|", "/%60%5E%7B%7D?q=`^{}|", "a.example:443"),
        ] {
            let url = parsed(input);
            assert_eq!(
                (url.target().to_string(), url.authority()),
                (target.to_owned(), authority.to_owned())
            );
        }
    }

    #[test]
    fn credentials_are_noticed_and_never_printed() {
        for (input, includes) in [
            ("https://u:p@a.example/", true),
            ("https://u@a.example/", true),
            ("https://:p@a.example/", true),
            ("https://@a.example/", false),
            ("https://:@a.example/", false),
            ("https://a.example/", false),
        ] {
            assert_eq!(parsed(input).includes_credentials(), includes, "{input}");
            assert_eq!(parsed(input).to_string(), "https://a.example/");
        }
        assert!(!parsed("https://a.example/@").includes_credentials());
    }

    #[test]
    fn secure_and_loopback_origins_are_trustworthy() {
        let cases = [
            ("https://a.example", true),
            ("http://a.example", false),
            ("http://localhost:3000", true),
            ("http://api.localhost", true),
            ("http://127.1.2.3", true),
            ("http://127.1", true),
            ("http://[::1]", true),
            ("http://128.0.0.1", false),
            ("http://localhost.example", false),
        ];
        for (url, trustworthy) in cases {
            assert_eq!(parsed(url).is_potentially_trustworthy(), trustworthy, "{url}");
        }
    }

    proptest! {
        #[test]
        fn printing_and_parsing_again_changes_nothing(input in "(https?:)?[/\\\\]{0,2}[a-z0-9.:@/?%#é \\\\]{0,24}") {
            let base = parsed("https://base.example/a/b");
            if let Ok(url) = HttpUrl::parse(&input, Some(&base)) {
                prop_assert_eq!(parsed(&url.to_string()).to_string(), url.to_string());
            }
        }
    }
}
