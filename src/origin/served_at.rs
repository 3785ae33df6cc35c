//! Compares a service's own origins with the authority that a request was sent to.

use std::str;

use super::host::{MAX_DOMAIN_LEN, Reach};
use super::{MAX_ORIGIN_LEN, Origin, OriginSet, SPECIAL_SCHEMES, default_port, split_port};

/// The longest authority of an http or https origin: a host with a trailing dot, and a port. A longer one belongs to no service,
/// and is not read.
const MAX_AUTHORITY_LEN: usize = MAX_DOMAIN_LEN + ".".len() + ":65535".len();

/// A service's own origins, all http or https.
pub(crate) struct ServedAt(OriginSet);

impl ServedAt {
    /// `origins` are all http or https.
    pub(crate) fn new(origins: OriginSet) -> Self {
        Self(origins)
    }

    pub(crate) fn origins(&self) -> &OriginSet {
        &self.0
    }

    /// Whether one of the origins has this authority. Either scheme is enough: the scheme of a request is mostly unknown, since a
    /// proxy may have ended TLS.
    pub(crate) fn has_authority(&self, authority: &[u8]) -> bool {
        let mut buffer = [0; MAX_ORIGIN_LEN];
        SPECIAL_SCHEMES
            .into_iter()
            .any(|(scheme, _)| serialize(scheme, authority, &mut buffer).is_some_and(|text| self.has(text)))
    }

    /// Whether an origin is one of these.
    pub(crate) fn has_origin(&self, origin: &Origin<'_>) -> bool {
        self.has(origin.as_str())
    }

    fn has(&self, text: &str) -> bool {
        let by_wildcard = || {
            let origin = Origin::from_serialized(text);
            origin.is_some_and(|origin| self.0.matching_wildcard(&origin).is_some())
        };
        self.0.contains_exact(text.as_bytes()) || (self.0.has_wildcards() && by_wildcard())
    }
}

impl Origin<'_> {
    /// Whether a request to this origin names this authority: RFC 9110, section 7.2. Hosts are compared without regard to case; a
    /// default port may be present or not. Bytes after the origin's own are only compared with a default port.
    pub(crate) fn is_at(&self, authority: &[u8]) -> bool {
        let default_port: &[u8] = match self.scheme {
            "http" => b":80",
            "https" => b":443",
            // Pages of any other scheme are not fetched from an HTTP server.
            _ => return false,
        };
        let Some((host, port)) = authority.split_at_checked(self.authority().len()) else {
            return false;
        };
        host.eq_ignore_ascii_case(self.authority().as_bytes())
            && (port.is_empty() || (port == default_port && self.port.is_none()))
    }
}

/// The origins with this authority, for one scheme or for both, the likelier one first.
pub(crate) fn origins_at(authority: &[u8], scheme: Option<&str>) -> Vec<String> {
    let mut buffer = [0; MAX_ORIGIN_LEN];
    let mut is_public = false;
    let mut origins = Vec::new();
    for (special, _) in SPECIAL_SCHEMES {
        let text = serialize(special, authority, &mut buffer)
            .filter(|_| scheme.is_none_or(|scheme| scheme == special));
        if let Some(origin) = text.and_then(Origin::from_serialized) {
            is_public = !origin.host.is_local() && Reach::of(origin.host) == Reach::Public;
            origins.push(origin.to_string());
        }
    }
    if is_public {
        origins.reverse();
    }
    origins
}

/// The text of the origin with this scheme and authority. It is not checked to be valid. It allocates nothing, since any request
/// may need it, and does not read an authority that is too long.
fn serialize<'b>(scheme: &str, authority: &[u8], buffer: &'b mut [u8; MAX_ORIGIN_LEN]) -> Option<&'b str> {
    if authority.len() > MAX_AUTHORITY_LEN {
        return None;
    }
    let authority = str::from_utf8(authority).ok()?;
    let (host, port) = split_port(authority);
    let is_default = port.and_then(super::parse_port).is_some_and(|port| default_port(scheme) == Some(port));
    let authority = if is_default { host } else { authority };
    let mut len = 0;
    for part in [scheme, "://", authority] {
        buffer.get_mut(len..len + part.len())?.copy_from_slice(part.as_bytes());
        len += part.len();
    }
    let text = buffer.get_mut(..len)?;
    text.make_ascii_lowercase();
    str::from_utf8(text).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::origin::Pattern;

    fn served_at(texts: &[&str]) -> ServedAt {
        let mut set = OriginSet::default();
        for text in texts {
            set.insert(text, &Pattern::parse(text).expect("a pattern")).expect("room");
        }
        ServedAt::new(set)
    }

    #[test]
    fn an_authority_is_an_origins_over_either_scheme_and_with_or_without_its_default_port() {
        let own = served_at(&[
            "https://api.example.com",
            "http://localhost:3000",
            "http://[::1]",
            "http://127.0.0.1:*",
            "https://*.example.org",
            "https://dot.example.",
            "https://a:80",
        ]);
        let cases = [
            ("api.example.com", true),
            ("API.Example.COM", true),
            ("api.example.com:443", true),
            ("api.example.com:80", false),
            ("api.example.com:0443", false),
            ("api.example.com:+443", false),
            ("api.example.com:", false),
            ("api.example.com:443:443", false),
            ("api.example.com.", false),
            ("api.example.com.:443", false),
            ("user@api.example.com", false),
            (" api.example.com", false),
            ("api.example.com, evil.example", false),
            ("https://api.example.com", false),
            ("evil.example", false),
            ("localhost:3000", true),
            ("LOCALHOST:3000", true),
            ("localhost", false),
            ("localhost:3001", false),
            ("localhost:30000", false),
            ("[::1]", true),
            ("[::1]:80", true),
            ("[::1]:443", false),
            ("[0:0:0:0:0:0:0:1]", false),
            ("::1", false),
            ("127.0.0.1", true),
            ("127.0.0.1:443", true),
            ("127.0.0.1:65535", true),
            ("127.0.0.1:65536", false),
            ("127.0.0.1:0", false),
            ("127.1", false),
            ("a.example.org", true),
            ("A.B.example.org:443", true),
            ("example.org", false),
            ("aexample.org", false),
            ("a.example.org:8443", false),
            ("dot.example.", true),
            ("dot.example", false),
            ("a:80", true),
            ("a:80:443", false),
            ("", false),
            (":80", false),
            ("*", false),
            ("*.example.org", false),
            ("null", false),
            ("büro.example", false),
        ];
        for (authority, expected) in cases {
            assert_eq!(own.has_authority(authority.as_bytes()), expected, "{authority:?}");
        }
        assert!(!own.has_authority(b"\xff"));
    }

    #[test]
    fn an_authority_is_read_at_the_limit_and_not_one_past_it() {
        let label = "a".repeat(63);
        let longest = format!("{label}.{label}.{label}.{}.", "a".repeat(61));
        let origin = format!("https://{longest}:65535");
        let own = served_at(&[&origin]);
        let authority = format!("{longest}:65535");
        assert_eq!(authority.len(), MAX_AUTHORITY_LEN);
        assert!(own.has_authority(authority.as_bytes()));
        assert_eq!(serialize("https", format!("{authority}a").as_bytes(), &mut [0; MAX_ORIGIN_LEN]), None);
        // One byte past the limit, not even the default port is removed.
        let one_past = format!("{longest}a.:00443");
        assert!(one_past.len() > MAX_AUTHORITY_LEN && !own.has_authority(one_past.as_bytes()));
    }

    proptest! {
        /// Two ways to the same answer: compare an origin with an authority, and make the authority an origin.
        #[test]
        fn an_origin_is_at_the_authorities_that_are_serialized_to_it(
            origin in "https?://(a|b\\.a|\\[::1\\]|1\\.2\\.3\\.4)(:(80|443|1|8443))?",
            authority in "(a|A|b\\.a|B\\.A|\\[::1\\]|1\\.2\\.3\\.4|a\\.|)(:(80|443|1|8443|080|80:443|))?",
        ) {
            if let Some(parsed) = Origin::from_serialized(&origin) {
                let is_at = parsed.is_at(authority.as_bytes());
                let serialized = origins_at(authority.as_bytes(), Some(parsed.scheme()));
                prop_assert_eq!(is_at, serialized == [origin.clone()]);
                prop_assert!(!is_at || served_at(&[&origin]).has_authority(authority.as_bytes()));
            }
        }
    }
}
