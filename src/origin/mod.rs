//! Origins: the grammar of those in requests, the patterns of those in policies, and the matcher between them.

mod diagnosis;
mod exact;
mod host;
mod idna;
mod nearest;
mod pattern;
mod punycode;
#[cfg_attr(not(feature = "regex"), path = "no_regex.rs")]
pub(crate) mod regex;
mod regex_problem;
mod served_at;
mod set;
#[cfg(any(feature = "browser", feature = "public-suffix"))]
pub(crate) mod suffix;
mod suggestion;
mod wildcard;
mod written;

use std::fmt;

pub use self::diagnosis::OriginProblem;
pub(crate) use self::exact::SetFull;
use self::host::Host;
pub(crate) use self::host::Reach;
pub(crate) use self::nearest::{Difference, Nearest, nearest};
pub use self::pattern::OriginPattern;
pub(crate) use self::pattern::{HostPattern, Pattern, PortPattern};

pub(crate) use self::regex::OriginRegexes;
pub use self::regex_problem::RegexProblem;
pub(crate) use self::served_at::{ServedAt, origins_at};
pub(crate) use self::set::OriginSet;
pub(crate) use self::suggestion::{suggest, suggest_secure};

/// The longest scheme that an origin may have. The longest in use is `safari-web-extension`, 20 bytes.
pub(crate) const MAX_SCHEME_LEN: usize = 32;

/// The longest origin: scheme, host with a trailing dot, port. Longer text is refused unread.
pub(crate) const MAX_ORIGIN_LEN: usize =
    MAX_SCHEME_LEN + "://".len() + host::MAX_DOMAIN_LEN + ".".len() + ":65535".len();

/// The schemes of web pages, with their default ports. Of the URL Standard's [special
/// schemes](https://url.spec.whatwg.org/#special-scheme), only these serve pages.
const SPECIAL_SCHEMES: [(&str, u16); 2] = [("http", 80), ("https", 443)];

/// The origin of a request, checked: a scheme, a host and a port in the one spelling that browsers use.
///
/// Predicates of [`allow_origin_if`] get this type. It is never `null` and never malformed: text that is not a serialized origin (HTML,
/// [serialization of an origin]) is refused before any predicate is called.
///
/// ```
/// use tower_cors::Origin;
///
/// let origin = Origin::parse("https://app.example.com:8443").expect("a serialized origin");
/// assert_eq!((origin.scheme(), origin.host(), origin.port()), ("https", "app.example.com", Some(8443)));
/// assert!(origin == "https://app.example.com:8443" && *"https://app.example.com" != origin);
/// ```
///
/// Accepted: `https://example.com`, `http://localhost:3000`, `http://127.0.0.1`, `https://[2001:db8::1]:8443`,
/// `https://example.com.`, `chrome-extension://abcdefghijklmnopabcdefghijklmnop`, `tauri://localhost`, `capacitor://MyApp`. Browsers treat
/// the host of a scheme other than `http` and `https` as opaque (URL, [opaque host](https://url.spec.whatwg.org/#opaque-host)) and keep its
/// case.
///
/// Refused: `null`, `https://Example.com`, `https://example.com/`, `https://example.com:443`, `https://bücher.example`,
/// `https://[0:0:0:0:0:0:0:1]`, `http://127.1`, `https://user@example.com`, `wss://example.com`, `ftp://example.com`.
///
/// [`allow_origin_if`]: crate::CorsPolicyBuilder::allow_origin_if
/// [serialization of an origin]: https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Origin<'a> {
    text: &'a str,
    scheme: &'a str,
    host_text: &'a str,
    host: Host<'a>,
    port: Option<u16>,
}

impl<'a> Origin<'a> {
    /// Parses a serialized origin.
    ///
    /// # Errors
    ///
    /// Why the text is not a valid origin, worded for the author of a configuration.
    pub fn parse(text: &'a str) -> Result<Self, OriginProblem> {
        // A well-formed pattern is not an origin.
        let reason = || if text.contains('*') { OriginProblem::Wildcard } else { diagnosis::diagnose(text) };
        Self::from_serialized(text).ok_or_else(reason)
    }

    /// The same, for the bytes of a header.
    pub(crate) fn from_bytes(bytes: &'a [u8]) -> Option<Self> {
        // Checked before the bytes are read: no origin is longer.
        if bytes.len() > MAX_ORIGIN_LEN {
            return None;
        }
        Self::from_serialized(std::str::from_utf8(bytes).ok()?)
    }

    /// The same without a reason. Requests are read with this: hostile text must cost little.
    pub(crate) fn from_serialized(text: &'a str) -> Option<Self> {
        if text.len() > MAX_ORIGIN_LEN {
            return None;
        }
        let (scheme, authority) = split_scheme(text)?;
        if !is_scheme(scheme) || is_never_sent(scheme) {
            return None;
        }
        let default_port = default_port(scheme);
        let (host_text, port) = split_port(authority);
        let host = Host::parse(host_text, default_port.is_some())?;
        let port = match port {
            None => None,
            Some(digits) => Some(parse_port(digits).filter(|port| default_port != Some(*port))?),
        };
        Some(Self { text, scheme, host_text, host, port })
    }

    /// The whole origin, as in the request's `Origin` header.
    #[must_use]
    pub fn as_str(&self) -> &'a str {
        self.text
    }

    /// The scheme, lowercase: `https`.
    #[must_use]
    pub fn scheme(&self) -> &'a str {
        self.scheme
    }

    /// The host: `app.example.com`, `127.0.0.1`, `[::1]`. In lower case, unless the scheme is an app's, such as `capacitor`.
    #[must_use]
    pub fn host(&self) -> &'a str {
        self.host_text
    }

    /// The port, if it is not the scheme's default.
    #[must_use]
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// The part of the host that its owner registered: a public suffix with one label before it. Hosts with the same registrable domain
    /// have the same owner.
    ///
    /// With the feature `public-suffix`. `None` for an address, for the host of an app's scheme, for a public suffix itself, and for a name
    /// in a private network: the Public Suffix List has no rule for its last label.
    ///
    /// ```
    /// use tower_cors::Origin;
    ///
    /// let registrable = |origin| Origin::parse(origin).ok()?.registrable_domain();
    /// assert_eq!(registrable("https://app.example.co.uk"), Some("example.co.uk"));
    /// assert_eq!(registrable("https://someone.github.io:8443"), Some("someone.github.io"));
    /// for none in ["https://github.io", "https://192.0.2.1", "http://localhost:3000", "http://printer.lan", "capacitor://a.example.com"] {
    ///     assert_eq!(registrable(none), None);
    /// }
    /// ```
    #[cfg(feature = "public-suffix")]
    #[cfg_attr(docsrs, doc(cfg(feature = "public-suffix")))]
    #[must_use]
    pub fn registrable_domain(&self) -> Option<&'a str> {
        match self.host {
            Host::Domain(name) if default_port(self.scheme).is_some() => {
                let name = host::without_trailing_dot(name);
                suffix::has_listed_end(name).then(|| suffix::registrable_domain(name))?
            }
            _ => None,
        }
    }

    /// Host and port, as in the `Host` or `:authority` of a request to this origin.
    pub(crate) fn authority(&self) -> &'a str {
        &self.text[self.scheme.len() + "://".len()..]
    }
}

/// An origin is equal to its text.
macro_rules! equal_to_text {
    ($($text:ty),*) => {$(
        impl PartialEq<$text> for Origin<'_> {
            fn eq(&self, other: &$text) -> bool {
                *self.text == **other
            }
        }

        impl PartialEq<Origin<'_>> for $text {
            fn eq(&self, other: &Origin<'_>) -> bool {
                other == self
            }
        }
    )*};
}

equal_to_text!(&str, String);

impl PartialEq<str> for Origin<'_> {
    fn eq(&self, other: &str) -> bool {
        self.text == other
    }
}

impl PartialEq<Origin<'_>> for str {
    fn eq(&self, other: &Origin<'_>) -> bool {
        other == self
    }
}

impl fmt::Display for Origin<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text)
    }
}

impl fmt::Debug for Origin<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Origin").field(&self.text).finish()
    }
}

/// URL, [scheme state](https://url.spec.whatwg.org/#scheme-state), after its lowercasing.
fn is_scheme(text: &str) -> bool {
    text.len() <= MAX_SCHEME_LEN
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'+' | b'-' | b'.'))
}

/// Whether browsers never send this scheme in an `Origin` header.
fn is_never_sent(scheme: &str) -> bool {
    has_opaque_origin(scheme) || is_web_socket(scheme) || scheme == "ftp"
}

/// A WebSocket is opened by a page, and its `Origin` is the page's: RFC 6455, section 10.2.
fn is_web_socket(scheme: &str) -> bool {
    matches!(scheme, "ws" | "wss")
}

/// Whether pages of this scheme have an opaque origin (URL, [origin](https://url.spec.whatwg.org/#concept-url-origin)),
/// which browsers send as `null`.
fn has_opaque_origin(scheme: &str) -> bool {
    matches!(scheme, "file" | "about" | "data" | "blob" | "javascript")
}

fn default_port(scheme: &str) -> Option<u16> {
    SPECIAL_SCHEMES.into_iter().find_map(|(special, port)| (special == scheme).then_some(port))
}

/// The scheme, and the text after its `://`. A scheme has no colon, so searching for the colon is enough.
fn split_scheme(text: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = text.split_once(':')?;
    Some((scheme, rest.strip_prefix("//")?))
}

/// Splits an authority into host and port, without the colon between them. The colons of an IPv6 address do not count.
fn split_port(authority: &str) -> (&str, Option<&str>) {
    let end_of_address =
        if authority.starts_with('[') { authority.rfind(']').unwrap_or_default() } else { 0 };
    match authority.as_bytes()[end_of_address..].iter().position(|byte| *byte == b':') {
        Some(colon) => {
            let colon = end_of_address + colon;
            (&authority[..colon], Some(&authority[colon + 1..]))
        }
        None => (authority, None),
    }
}

/// A port as browsers write it: 1 to 65535, no leading zero.
pub(crate) fn parse_port(digits: &str) -> Option<u16> {
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    if plain { digits.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn serialized_origins_are_taken_apart() {
        let cases = [
            ("https://example.com", "https", "example.com", None),
            ("https://example.com.", "https", "example.com.", None),
            ("http://localhost:3000", "http", "localhost", Some(3000)),
            ("http://example.com:443", "http", "example.com", Some(443)),
            ("https://example.com:1", "https", "example.com", Some(1)),
            ("https://example.com:65535", "https", "example.com", Some(65535)),
            ("http://127.0.0.1:80a", "", "", None),
            ("http://127.0.0.1", "http", "127.0.0.1", None),
            ("https://[::1]:8443", "https", "[::1]", Some(8443)),
            ("tauri://localhost", "tauri", "localhost", None),
            ("tauri://1.2.3:80", "tauri", "1.2.3", Some(80)),
            ("a+b-c.1://x", "a+b-c.1", "x", None),
            ("capacitor://MyApp", "capacitor", "MyApp", None),
            ("capacitor://MyApp.Example:8080", "capacitor", "MyApp.Example", Some(8080)),
            ("safari-web-extension://3F0C-AB", "safari-web-extension", "3F0C-AB", None),
            ("wss://example.com", "", "", None),
        ];
        for (text, scheme, host, port) in cases {
            match Origin::from_serialized(text) {
                Some(origin) => {
                    assert_eq!(
                        (origin.scheme(), origin.host(), origin.port()),
                        (scheme, host, port),
                        "{text}"
                    );
                    assert_eq!(origin.as_str(), text);
                    assert_eq!(format!("{}://{}", scheme, origin.authority()), text);
                }
                None => assert_eq!(scheme, "", "{text} is refused"),
            }
        }
    }

    #[cfg(feature = "public-suffix")]
    #[test]
    fn only_a_web_sites_name_has_a_registrable_domain() {
        let registrable = |text| Origin::from_serialized(text).expect("an origin").registrable_domain();
        assert_eq!(registrable("https://a.example.com"), Some("example.com"));
        assert_eq!(registrable("https://a.example.com."), Some("example.com"));
        for none in [
            "capacitor://a.example.com",
            "https://co.uk",
            "https://192.0.2.1",
            "https://[::1]",
            "http://localhost",
        ] {
            assert_eq!(registrable(none), None, "{none}");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        let cases = [
            "",
            "null",
            "*",
            "https",
            "https:",
            "https://",
            "https:/example.com",
            "://example.com",
            "//example.com",
            "1https://example.com",
            "HTTPS://example.com",
            "https://Example.com",
            "Capacitor://MyApp",
            "capacitor://My%20App",
            "capacitor://MyApp/",
            "capacitor://büro",
            "tauri://[::A]",
            "ws://example.com",
            "wss://example.com",
            "ftp://example.com",
            "https://example.com/",
            "https://example.com?q",
            "https://example.com#f",
            "https://user@example.com",
            "https://example.com:",
            "https://example.com:0",
            "https://example.com:080",
            "https://example.com:+80",
            "https://example.com:65536",
            "https://example.com:443",
            "http://example.com:80",
            "https://example.com:1:2",
            "https://[::1]a",
            "https://[::1]:",
            "https://[example.com]",
            "https://evil.com/.example.com",
            "https://*.example.com",
            " https://example.com",
            "https://example.com ",
            "https://example.com\t",
            "https://example.com,https://example.org",
            "https://example.com https://example.org",
            "file://localhost",
            "data://x",
            "blob:https://example.com",
        ];
        for text in cases {
            assert_eq!(Origin::from_serialized(text), None, "{text:?}");
        }
    }

    #[test]
    fn lengths_hold_at_the_limit_and_not_one_past_it() {
        let scheme = "s".repeat(MAX_SCHEME_LEN);
        assert!(Origin::from_serialized(&format!("{scheme}://a")).is_some());
        assert!(Origin::from_serialized(&format!("{scheme}s://a")).is_none());

        let label = "a".repeat(host::MAX_LABEL_LEN);
        let longest = format!("{scheme}://{label}.{label}.{label}.{}.:65535", "a".repeat(61));
        assert_eq!(longest.len(), MAX_ORIGIN_LEN);
        assert!(Origin::from_serialized(&longest).is_some());
    }

    proptest! {
        /// An independent implementation of the URL Standard's parser and serializer agrees.
        #[test]
        fn special_origins_are_those_that_the_url_standard_serializes(text in origin_like()) {
            let ours = Origin::from_serialized(&text).is_some();
            let theirs = !text.starts_with("ws:") && url::Url::parse(&text)
                .is_ok_and(|url| url.origin().ascii_serialization() == text && text.len() <= MAX_ORIGIN_LEN);
            // This crate is stricter: it refuses bytes and empty labels that DNS cannot have, and port 0, which no server has.
            let stricter = text.ends_with(":0")
                || text.contains("..") || text.contains("//.") || text.contains(|char| "!$&'()*+,;=~`{}\"".contains(char));
            prop_assert!(ours == theirs || (!ours && stricter), "{} ours: {ours}, url: {theirs}", text);
        }
    }

    /// Texts that are often origins, and otherwise nearly.
    fn origin_like() -> impl Strategy<Value = String> {
        let scheme = prop_oneof![Just("http"), Just("https"), Just("ws"), Just("HTTP")];
        let host = prop_oneof![
            "[a-c0-9_.-]{1,12}",
            "[a-z]{1,8}\\.[a-z]{1,3}\\.?",
            "[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}",
            "0x[0-9a-g]{0,2}(\\.[0-9]{1,2})?",
            any::<std::net::Ipv6Addr>().prop_map(|address| format!("[{address}]")),
            any::<[bool; 8]>().prop_map(|set| {
                let segments = set.map(u16::from);
                format!("[{}]", std::net::Ipv6Addr::from(segments))
            }),
            "\\[[0-9a-f:]{2,12}\\]",
            "[a-zA-Z0-9.%@/?#: *_-]{0,10}",
        ];
        let port = prop_oneof![
            3 => Just(String::new()),
            1 => any::<u32>().prop_map(|port| format!(":{}", port % 70_000)),
            1 => Just(":80".to_owned()),
            1 => Just(":443".to_owned()),
            1 => "[:/?#0-9]{1,4}",
        ];
        (scheme, host, port).prop_map(|(scheme, host, port)| format!("{scheme}://{host}{port}"))
    }
}
