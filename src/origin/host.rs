//! Hosts: the grammar of a serialized host, and what a policy needs to know about one.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use super::OriginProblem;
#[cfg(feature = "public-suffix")]
use super::suffix;

/// The longest domain, a trailing dot aside: the 255 octets of RFC 1035, section 2.3.4, written as text.
pub(crate) const MAX_DOMAIN_LEN: usize = 253;

/// The longest label of a domain: RFC 1035, section 2.3.4.
pub(crate) const MAX_LABEL_LEN: usize = 63;

/// A host in its serialized form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Host<'a> {
    Domain(&'a str),
    Ipv4(Ipv4Addr),
    Ipv6(Ipv6Addr),
}

impl<'a> Host<'a> {
    /// Accepts exactly the text to which a browser serializes a host, and no other spelling.
    ///
    /// `special`: whether the scheme is `http` or `https`, whose hosts may be IPv4 addresses. The hosts of other schemes are
    /// opaque (URL, [host parser](https://url.spec.whatwg.org/#concept-host-parser), step 3): `127.1` is an ordinary name there,
    /// and `MyApp` keeps its case. The standard allows more bytes in an opaque host than those of a domain and upper-case letters,
    /// but no app is known to use them.
    pub(crate) fn parse(text: &'a str, special: bool) -> Option<Self> {
        if let Some(bracketed) = text.strip_prefix('[') {
            return parse_ipv6(bracketed.strip_suffix(']')?).map(Self::Ipv6);
        }
        if !is_domain(text, special) {
            return None;
        }
        if special && ends_in_a_number(text) {
            // Only dotted quads without leading zeros: `Ipv4Addr` parses no other form.
            return text.parse().ok().map(Self::Ipv4);
        }
        Some(Self::Domain(text))
    }

    /// Whether the host is always this machine, so nobody on the network can change its pages: Secure Contexts, [section
    /// 3.1](https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy), steps 4 and 5.
    pub(crate) fn is_local(self) -> bool {
        match self {
            Self::Domain(domain) => is_localhost(domain),
            Self::Ipv4(address) => address.is_loopback(),
            Self::Ipv6(address) => address.is_loopback(),
        }
    }
}

/// Which machines can reach a host: not every host can get a certificate for https.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Public, as far as the text shows.
    Public,
    /// `0.0.0.0`, `[::]`: what a server listens on.
    Unspecified,
    /// An address that no public server has.
    PrivateAddress,
    /// Docker's name for the machine, inside its containers.
    DockerHost,
    /// One label, such as a container's name.
    SingleLabel,
}

impl Reach {
    pub(crate) fn of(host: Host<'_>) -> Self {
        match host {
            Host::Ipv4(address) if address.is_unspecified() => Self::Unspecified,
            Host::Ipv6(address) if address.is_unspecified() => Self::Unspecified,
            Host::Ipv4(address) if address.is_private() || address.is_link_local() || is_shared(address) => {
                Self::PrivateAddress
            }
            Host::Ipv6(address) if address.is_unique_local() || address.is_unicast_link_local() => {
                Self::PrivateAddress
            }
            Host::Domain(name) if without_trailing_dot(name).ends_with(".docker.internal") => {
                Self::DockerHost
            }
            Host::Domain(name) if !without_trailing_dot(name).contains('.') => Self::SingleLabel,
            _ => Self::Public,
        }
    }
}

/// RFC 6598: addresses between a carrier's NAT and its customers.
fn is_shared(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    first == 100 && (64..128).contains(&second)
}

/// Why strangers can have hosts below `base`, if they can.
pub(super) fn strangers_below(base: &str) -> Option<OriginProblem> {
    if is_public_suffix(base) {
        return Some(OriginProblem::PublicSuffix);
    }
    listed_below(&as_listed(base)).map(|suffix| OriginProblem::PublicSuffixBelow(suffix.into()))
}

/// The registrable domain: a public suffix with one label before it. `None` for a public suffix itself.
///
/// Without the feature `public-suffix`, only single labels are known to be public suffixes.
#[cfg(feature = "regex")]
pub(super) fn registrable(domain: &str) -> Option<&str> {
    let listed = as_listed(domain);
    let registrable = registrable_domain(&listed)?;
    // With the domain's own case, and its trailing dot.
    Some(&domain[listed.len() - registrable.len()..])
}

/// The shortest public suffix that is below a domain, if there is one.
#[cfg(feature = "regex")]
pub(super) fn public_suffix_below(domain: &str) -> Option<String> {
    listed_below(&as_listed(domain))
}

/// Whether each name right below a domain can have a different owner. Names of this machine have no owner.
///
/// Without the feature `public-suffix`, this is only known for single labels.
pub(super) fn is_public_suffix(domain: &str) -> bool {
    let domain = as_listed(domain);
    !is_localhost(&domain) && is_listed(&domain)
}

/// A domain as the Public Suffix List writes it: in lower case, which an opaque host may not be.
fn as_listed(domain: &str) -> String {
    without_trailing_dot(domain).to_ascii_lowercase()
}

#[cfg(feature = "public-suffix")]
fn is_listed(domain: &str) -> bool {
    suffix::is_public_suffix(domain)
}

#[cfg(feature = "public-suffix")]
fn listed_below(domain: &str) -> Option<String> {
    suffix::below(domain)
}

#[cfg(all(feature = "public-suffix", feature = "regex"))]
use suffix::registrable_domain;

#[cfg(all(not(feature = "public-suffix"), feature = "regex"))]
fn registrable_domain(domain: &str) -> Option<&str> {
    let (front, last) = domain.rsplit_once('.')?;
    let label = front.rsplit('.').next()?;
    Some(&domain[domain.len() - last.len() - ".".len() - label.len()..])
}

#[cfg(not(feature = "public-suffix"))]
fn is_listed(domain: &str) -> bool {
    !domain.contains('.')
}

#[cfg(not(feature = "public-suffix"))]
fn listed_below(_: &str) -> Option<String> {
    None
}

/// RFC 6761, section 6.3: `localhost` and every name below it.
fn is_localhost(domain: &str) -> bool {
    let domain = without_trailing_dot(domain);
    domain == "localhost" || domain.ends_with(".localhost")
}

/// With a trailing dot, a name is another host, but the same machine.
pub(super) fn without_trailing_dot(domain: &str) -> &str {
    domain.strip_suffix('.').unwrap_or(domain)
}

/// Labels of `a-z 0-9 - _`, and `A-Z` in an opaque host; no label empty or too long; with or without a trailing dot.
fn is_domain(text: &str, special: bool) -> bool {
    let label_bytes = label_bytes_of(special);
    let text = without_trailing_dot(text);
    text.len() <= MAX_DOMAIN_LEN
        && text.as_bytes().split(|byte| *byte == b'.').all(|label| {
            (1..=MAX_LABEL_LEN).contains(&label.len())
                && label.iter().all(|byte| label_bytes[usize::from(*byte)])
        })
}

pub(crate) fn is_label_byte(byte: u8, special: bool) -> bool {
    label_bytes_of(special)[usize::from(byte)]
}

fn label_bytes_of(special: bool) -> &'static [bool; 256] {
    if special { &LABEL_BYTES } else { &OPAQUE_LABEL_BYTES }
}

/// A table, since every byte of a hostile `Origin` is checked.
static LABEL_BYTES: [bool; 256] = label_bytes(false);

static OPAQUE_LABEL_BYTES: [bool; 256] = label_bytes(true);

const fn label_bytes(upper_case: bool) -> [bool; 256] {
    let mut table = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        table[byte as usize] = byte.is_ascii_lowercase()
            || byte.is_ascii_digit()
            || matches!(byte, b'-' | b'_')
            || (upper_case && byte.is_ascii_uppercase());
        byte += 1;
    }
    table
}

/// URL, [ends-in-a-number checker](https://url.spec.whatwg.org/#ends-in-a-number-checker): such a host is an IPv4 address, or it
/// is invalid.
pub(crate) fn ends_in_a_number(domain: &str) -> bool {
    let domain = without_trailing_dot(domain);
    if !domain.ends_with(|last: char| last.is_ascii_hexdigit() || last == 'x') {
        // Most domains end here: their last label is a word.
        return false;
    }
    let last = domain.rsplit('.').next().unwrap_or_default();
    let decimal = !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit());
    let hexadecimal =
        last.strip_prefix("0x").is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
    decimal || hexadecimal
}

fn parse_ipv6(text: &str) -> Option<Ipv6Addr> {
    let address = text.parse().ok()?;
    let mut rest = Unmatched(text);
    (write_ipv6(&mut rest, address).is_ok() && rest.0.is_empty()).then_some(address)
}

/// URL, [IPv6 serializer](https://url.spec.whatwg.org/#concept-ipv6-serializer). `Ipv6Addr` prints the same, except for
/// IPv4-mapped addresses, which it prints with dots.
pub(crate) fn write_ipv6(out: &mut impl fmt::Write, address: Ipv6Addr) -> fmt::Result {
    if address.to_ipv4_mapped().is_some() {
        let [.., high, low] = address.segments();
        write!(out, "::ffff:{high:x}:{low:x}")
    } else {
        write!(out, "{address}")
    }
}

/// The rest of a text after everything written so far: compares without a buffer.
struct Unmatched<'a>(&'a str);

impl fmt::Write for Unmatched<'_> {
    fn write_str(&mut self, written: &str) -> fmt::Result {
        self.0 = self.0.strip_prefix(written).ok_or(fmt::Error)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_serialized_hosts_are_hosts() {
        let accepted = [
            "example.com",
            "example.com.",
            "localhost",
            "a_b.example",
            "-a-.example",
            "xn--mnchen-3ya.de",
            "127.0.0.1",
            "255.255.255.255",
            "1.2.3.4a",
            "0xg",
            "[::1]",
            "[::]",
            "[2001:db8::1]",
            "[2001:db8:0:1:1:1:1:1]",
            "[::ffff:7f00:1]",
        ];
        let refused = [
            "",
            ".",
            "a..b",
            ".a",
            "a..",
            "Example.com",
            "exämple.com",
            "a b",
            "a/b",
            "a:b",
            "a@b",
            "a%41",
            "*",
            "1",
            "127.1",
            "127.0.0.01",
            "127.0.0.256",
            "127.0.0.1.",
            "example.1",
            "example.0x",
            "0x7f.0.0.0x1",
            "::1",
            "[::1",
            "::1]",
            "[]",
            "[::1]]",
            "[0:0:0:0:0:0:0:1]",
            "[::01]",
            "[::A]",
            "[2001:db8::1:0:0:1:1:1]",
            "[::ffff:127.0.0.1]",
            "[fe80::1%25eth0]",
            "[1::0]",
            "[example.com]",
        ];
        for host in accepted {
            assert!(Host::parse(host, true).is_some(), "{host}");
        }
        for host in refused {
            assert_eq!(Host::parse(host, true), None, "{host}");
        }
    }

    #[test]
    fn no_ipv4_rule_applies_to_an_opaque_host() {
        for host in ["1", "127.1", "127.0.0.1", "example.0x"] {
            assert_eq!(Host::parse(host, false), Some(Host::Domain(host)));
        }
    }

    #[test]
    fn only_an_opaque_host_has_upper_case_letters() {
        for host in ["MyApp", "My-App.Example", "A_1."] {
            assert_eq!(Host::parse(host, false), Some(Host::Domain(host)));
            assert_eq!(Host::parse(host, true), None, "{host}");
        }
        for host in ["[::A]", "My App", "a..b", "My%41pp", "büro", "*", "~"] {
            assert_eq!(Host::parse(host, false), None, "{host}");
        }
    }

    #[test]
    fn lengths_hold_at_the_limit_and_not_one_past_it() {
        let label = "a".repeat(MAX_LABEL_LEN);
        assert!(is_domain(&label, true));
        assert!(!is_domain(&format!("{label}a"), true));

        let domain = format!("{label}.{label}.{label}.{}", "a".repeat(61));
        assert_eq!(domain.len(), MAX_DOMAIN_LEN);
        assert!(is_domain(&domain, true));
        assert!(is_domain(&format!("{domain}."), true));
        assert!(!is_domain(&format!("{domain}a"), true));
        assert!(!is_domain(&format!("{domain}a."), true));
    }

    #[test]
    fn local_hosts_are_localhost_names_and_loopback_addresses() {
        let local = ["localhost", "localhost.", "app.localhost", "127.0.0.1", "127.255.0.9", "[::1]"];
        let remote =
            ["localhost.example.com", "mylocalhost", "128.0.0.1", "10.0.0.1", "[::2]", "[::ffff:7f00:1]"];
        for host in local {
            assert!(Host::parse(host, true).is_some_and(Host::is_local), "{host}");
        }
        for host in remote {
            assert!(Host::parse(host, true).is_some_and(|host| !host.is_local()), "{host}");
        }
    }

    #[test]
    fn hosts_that_https_does_not_help_are_known() {
        let cases = [
            ("example.com", Reach::Public),
            ("10.0.0.1", Reach::PrivateAddress),
            ("192.168.1.5", Reach::PrivateAddress),
            ("172.31.0.1", Reach::PrivateAddress),
            ("172.32.0.1", Reach::Public),
            ("169.254.0.1", Reach::PrivateAddress),
            ("100.63.255.255", Reach::Public),
            ("100.64.0.0", Reach::PrivateAddress),
            ("100.127.255.255", Reach::PrivateAddress),
            ("100.128.0.0", Reach::Public),
            ("8.8.8.8", Reach::Public),
            ("[fd00::1]", Reach::PrivateAddress),
            ("[fe80::1]", Reach::PrivateAddress),
            ("[2001:db8::1]", Reach::Public),
            ("0.0.0.0", Reach::Unspecified),
            ("[::]", Reach::Unspecified),
            ("frontend", Reach::SingleLabel),
            ("frontend.", Reach::SingleLabel),
            ("host.docker.internal", Reach::DockerHost),
            ("gateway.docker.internal", Reach::DockerHost),
            ("docker.internal.example.com", Reach::Public),
        ];
        for (text, reach) in cases {
            assert_eq!(Host::parse(text, true).map(Reach::of), Some(reach), "{text}");
        }
    }

    #[test]
    fn strangers_are_right_below_any_single_label_that_is_not_this_machine() {
        for base in ["com", "com.", "internal", "COM"] {
            assert_eq!(strangers_below(base), Some(OriginProblem::PublicSuffix), "{base}");
        }
        for base in ["example.com", "LocalHost", "localhost", "app.localhost", "localhost."] {
            assert_eq!(strangers_below(base), None, "{base}");
        }
    }

    #[cfg(feature = "public-suffix")]
    #[test]
    fn strangers_are_below_what_is_or_has_a_public_suffix() {
        for base in
            ["co.uk", "github.io", "vercel.app", "s3.amazonaws.com", "ck", "foo.ck", "co.uk.", "CO.uk"]
        {
            assert_eq!(strangers_below(base), Some(OriginProblem::PublicSuffix), "{base}");
        }
        for (base, suffix) in [
            ("amazonaws.com", "s3.amazonaws.com"),
            ("Amazonaws.com.", "s3.amazonaws.com"),
            ("kawasaki.jp", "*.kawasaki.jp"),
        ] {
            let found = Some(OriginProblem::PublicSuffixBelow(suffix.into()));
            assert_eq!(strangers_below(base), found, "{base}");
        }
        for base in ["example.co.uk", "me.github.io", "www.ck", "city.kawasaki.jp", "bucket.s3.amazonaws.com"]
        {
            assert_eq!(strangers_below(base), None, "{base}");
        }
    }
}
