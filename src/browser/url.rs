//! URLs: as much of the URL Standard as `http:` and `https:` need for a request and its redirects.

use std::fmt;

use http::Uri;
use http::uri::PathAndQuery;

use super::origin::{TupleOrigin, is_scheme};

/// An `http:` or `https:` URL, without its fragment, which no server sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Url {
    origin: TupleOrigin,
    path: PathAndQuery,
    includes_credentials: bool,
}

/// Why a text is no URL that can be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum UrlError {
    Malformed,
    /// An absolute URL that is neither `http:` nor `https:`.
    Scheme(String),
}

impl Url {
    /// Parses `input`, relative to `base` where it is relative.
    pub(super) fn parse(input: &str, base: Option<&Self>) -> Result<Self, UrlError> {
        let input = input.trim_matches(|c: char| c <= ' ').replace(['\t', '\n', '\r'], "");
        let input = input.split('#').next().unwrap_or_default();
        let (path, query) = match input.split_once('?') {
            Some((path, query)) => (path.replace('\\', "/"), Some(query)),
            None => (input.replace('\\', "/"), None),
        };

        let (scheme, rest) = match path.split_once(':') {
            Some((scheme, rest)) if is_scheme(scheme) => (scheme.to_ascii_lowercase(), rest),
            _ => (base.ok_or(UrlError::Malformed)?.origin.scheme().to_owned(), path.as_str()),
        };
        if scheme != "http" && scheme != "https" {
            return Err(UrlError::Scheme(scheme));
        }
        if let Some(rest) = rest.strip_prefix("//") {
            let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
            let origin = TupleOrigin::parse(&scheme, host).ok_or(UrlError::Malformed)?;
            // URL Standard, "includes credentials": a user name or a password that is not empty.
            return Self::assemble(origin, path, query, !user.is_empty() && user != ":");
        }
        // `https:path` is for browsers what `path` is, if the base is `https:` too. It is left out: nobody means it.
        let base = base.filter(|_| rest.len() == path.len()).ok_or(UrlError::Malformed)?;
        let (path, query) = match rest {
            "" => (base.path.path().to_owned(), query.or(base.path.query())),
            absolute if absolute.starts_with('/') => (absolute.to_owned(), query),
            relative => {
                let directory = base.path.path().rsplit_once('/').map_or("", |(directory, _)| directory);
                (format!("{directory}/{relative}"), query)
            }
        };
        Self::assemble(base.origin.clone(), &path, query, base.includes_credentials)
    }

    fn assemble(
        origin: TupleOrigin,
        path: &str,
        query: Option<&str>,
        includes_credentials: bool,
    ) -> Result<Self, UrlError> {
        // URL Standard, the path percent-encode set and the special-query percent-encode set.
        let mut target = percent_encode(&without_dot_segments(path), b"\"<>^`{}");
        if let Some(query) = query {
            target.push('?');
            target.push_str(&percent_encode(query, b"\"<>'"));
        }
        let path = PathAndQuery::try_from(target).map_err(|_| UrlError::Malformed)?;
        Ok(Self { origin, path, includes_credentials })
    }

    pub(super) fn origin(&self) -> &TupleOrigin {
        &self.origin
    }

    pub(super) fn includes_credentials(&self) -> bool {
        self.includes_credentials
    }

    /// The request target in origin form, as an HTTP/1 server sees it: path and query.
    pub(super) fn target(&self) -> Uri {
        Uri::from(self.path.clone())
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.origin, self.path)
    }
}

/// Resolves `.` and `..`, plain or percent-encoded.
fn without_dot_segments(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = path.strip_prefix('/').unwrap_or(path).split('/').peekable();
    while let Some(segment) = segments.next() {
        let is_last = segments.peek().is_none();
        match segment.to_ascii_lowercase().replace("%2e", ".").as_str() {
            ".." => {
                kept.pop();
            }
            "." => {}
            _ => {
                kept.push(segment);
                continue;
            }
        }
        if is_last {
            kept.push("");
        }
    }
    format!("/{}", kept.join("/"))
}

fn percent_encode(text: &str, also: &[u8]) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_graphic() && !also.contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let digit = |half: u8| char::from(b"0123456789ABCDEF"[usize::from(half)]);
            encoded.extend(['%', digit(byte >> 4), digit(byte & 0xf)]);
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn resolved(input: &str, base: &str) -> String {
        Url::parse(input, Some(&Url::parse(base, None).unwrap())).unwrap().to_string()
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
        ];
        for (input, url) in cases {
            assert_eq!(resolved(input, base), url, "{input:?}");
        }
    }

    #[test]
    fn other_schemes_and_bad_hosts_are_told_apart() {
        let base = Url::parse("https://a.example/", None).unwrap();
        for (input, error) in [
            ("ftp://a.example/", UrlError::Scheme("ftp".into())),
            ("data:,x", UrlError::Scheme("data".into())),
            ("javascript:1", UrlError::Scheme("javascript".into())),
            ("https://", UrlError::Malformed),
            ("https://a example/", UrlError::Malformed),
            ("https:x", UrlError::Malformed),
            ("//:80/", UrlError::Malformed),
        ] {
            assert_eq!(Url::parse(input, Some(&base)), Err(error), "{input:?}");
        }
        assert_eq!(Url::parse("/x", None), Err(UrlError::Malformed));
    }

    #[test]
    fn credentials_are_noticed() {
        for (input, includes) in [
            ("https://u:p@a.example/", true),
            ("https://u@a.example/", true),
            ("https://:p@a.example/", true),
            ("https://@a.example/", false),
            ("https://:@a.example/", false),
            ("https://a.example/@", false),
        ] {
            assert_eq!(Url::parse(input, None).unwrap().includes_credentials(), includes, "{input}");
        }
    }

    proptest! {
        #[test]
        fn printing_and_parsing_again_changes_nothing(input in "(https?:)?[/\\\\]{0,2}[a-z0-9.:@/?%#é \\\\]{0,24}") {
            let base = Url::parse("https://base.example/a/b", None).unwrap();
            if let Ok(url) = Url::parse(&input, Some(&base)) {
                let again = Url::parse(&url.to_string(), None).unwrap();
                prop_assert_eq!(again.to_string(), url.to_string());
            }
        }
    }
}
