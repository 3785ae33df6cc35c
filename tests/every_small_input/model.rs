//! The grammars by splitting strings. Slow, but simple enough to be obviously right.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, Ipv6Addr};

use url::Url;

/// Pages of these schemes send `null`, or no page has them.
const NEVER_SENT: [&str; 8] = ["file", "about", "data", "blob", "javascript", "ws", "wss", "ftp"];

const EXTENSIONS: [&str; 3] = ["chrome-extension", "moz-extension", "safari-web-extension"];

/// A serialized origin.
#[derive(Debug)]
pub(crate) struct Parts<'a> {
    scheme: &'a str,
    host: &'a str,
    port: Option<&'a str>,
}

/// `scheme://host` or `scheme://host:port`.
fn split(text: &str) -> Option<Parts<'_>> {
    let (scheme, authority) = text.split_once("://")?;
    // An address has its colons in brackets.
    let end_of_host = authority.rfind(']').unwrap_or(0);
    let colon = authority[end_of_host..].find(':').map(|colon| end_of_host + colon);
    let (host, port) = match colon {
        Some(colon) => (&authority[..colon], Some(&authority[colon + 1..])),
        None => (authority, None),
    };
    Some(Parts { scheme, host, port })
}

pub(crate) fn origin(text: &str) -> Option<Parts<'_>> {
    let parts = split(text)?;
    let is_port = parts.port.is_none_or(|port| is_port(port, parts.scheme));
    (is_scheme(parts.scheme) && is_host(parts.host, parts.scheme) && is_port).then_some(parts)
}

/// A valid entry of a policy's list: an origin, perhaps with `*.` before its domain, or with `:*` as its port.
///
/// No alphabet here can spell hosts that browsers cannot open: invalid punycode, IPv4-mapped addresses.
pub(crate) fn is_pattern(text: &str) -> bool {
    let Some(parts) = split(text) else { return false };
    if parts.host == "*" {
        return EXTENSIONS.contains(&parts.scheme) && parts.port.is_none();
    }
    let is_port = parts.port.is_none_or(|port| port == "*" || is_port(port, parts.scheme));
    let is_host = match parts.host.strip_prefix("*.") {
        Some(domain) => is_host(domain, parts.scheme) && !is_address(domain, parts.scheme),
        None => is_host(parts.host, parts.scheme),
    };
    is_scheme(parts.scheme) && is_host && is_port
}

pub(crate) fn matches(pattern: &str, origin: &Parts<'_>) -> bool {
    let pattern = split(pattern).expect("a pattern");
    let is_host = match pattern.host.strip_prefix('*') {
        Some(suffix) => origin.host.ends_with(suffix),
        None => origin.host == pattern.host,
    };
    let is_port = pattern.port == Some("*") || pattern.port == origin.port;
    pattern.scheme == origin.scheme && is_host && is_port
}

fn is_scheme(scheme: &str) -> bool {
    let is_scheme_char =
        |char: char| char.is_ascii_lowercase() || char.is_ascii_digit() || "+-.".contains(char);
    scheme.starts_with(|char: char| char.is_ascii_lowercase())
        && scheme.chars().all(is_scheme_char)
        && scheme.len() <= 32
        && !NEVER_SENT.contains(&scheme)
}

fn is_port(port: &str, scheme: &str) -> bool {
    let is_default = matches!((scheme, port), ("http", "80") | ("https", "443"));
    port.parse::<u16>().is_ok_and(|number| number != 0 && number.to_string() == port) && !is_default
}

fn is_special(scheme: &str) -> bool {
    ["http", "https"].contains(&scheme)
}

fn is_host(host: &str, scheme: &str) -> bool {
    if host.contains(['[', ']']) {
        return is_ipv6(host);
    }
    let name = host.strip_suffix('.').unwrap_or(host);
    let is_label_char = |char: char| {
        char.is_ascii_lowercase()
            || char.is_ascii_digit()
            || "-_".contains(char)
            || (char.is_ascii_uppercase() && !is_special(scheme))
    };
    let is_label = |label: &str| (1..=63).contains(&label.len()) && label.chars().all(is_label_char);
    if !name.split('.').all(is_label) || name.len() > 253 {
        return false;
    }
    !is_number(name.split('.').next_back().unwrap_or_default(), scheme)
        || host.parse::<Ipv4Addr>().is_ok_and(|address| address.to_string() == host)
}

/// Whether it is an address, which has no names below it.
fn is_address(host: &str, scheme: &str) -> bool {
    host.starts_with('[') || (is_special(scheme) && host.parse::<Ipv4Addr>().is_ok())
}

/// The URL Standard's ends-in-a-number checker. It does not apply to hosts of other schemes.
fn is_number(label: &str, scheme: &str) -> bool {
    let is_decimal = label.chars().all(|char| char.is_ascii_digit());
    let hexadecimal = label.strip_prefix("0x");
    let is_hexadecimal =
        hexadecimal.is_some_and(|digits| digits.chars().all(|char| char.is_ascii_hexdigit()));
    is_special(scheme) && (is_decimal || is_hexadecimal)
}

/// As the `url` crate writes it. Most texts are not addresses, and a faster check finds that out.
fn is_ipv6(host: &str) -> bool {
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    address.is_some_and(|address| address.parse::<Ipv6Addr>().is_ok())
        && Url::parse(&format!("http://{host}")).is_ok_and(|url| url.host_str() == Some(host))
}

/// The result for requested headers under a policy that lists `a` and `b*`.
#[derive(Debug)]
pub(crate) struct Requested {
    pub(crate) outcome: Asked,
    /// The names in the answer.
    pub(crate) listed: BTreeSet<String>,
}

#[derive(Debug, PartialEq)]
pub(crate) enum Asked {
    Allowed,
    /// The place of the first name that no rule allows.
    Unlisted(usize),
    Malformed,
}

/// `|` separates lines. They mean the same as one line that joins them with commas.
pub(crate) fn requested(text: &str) -> Requested {
    let members: Vec<_> = text
        .split(['|', ','])
        .map(|member| member.trim_matches([' ', '\t']).to_ascii_lowercase())
        .filter(|member| !member.is_empty())
        .collect();
    let (names, others): (Vec<_>, Vec<_>) =
        members.into_iter().partition(|member| member.chars().all(|char| "ab".contains(char)));
    let is_covered = |name: &String| name.starts_with('b');
    let unlisted = names.iter().position(|name| name != "a" && !is_covered(name));
    let outcome = match unlisted {
        Some(place) => Asked::Unlisted(place),
        None if others.is_empty() => Asked::Allowed,
        None => Asked::Malformed,
    };
    let covered = names.into_iter().filter(is_covered);
    Requested { outcome, listed: covered.chain(["a".to_owned()]).collect() }
}
