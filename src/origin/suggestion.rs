//! Suggestions for a text that is not a valid origin pattern.
//!
//! A suggestion is the origin of the text as a URL in a browser: an origin is a permission, and readers trust a suggestion.
//! There is no suggestion for text that is uncertain without the tables of IDNA, or that browsers read differently from people.
//! Two things are added that no browser adds: a missing scheme, and the missing colon in `https//example.com`. Three are
//! removed: quotes, the brackets of a list, and a list separator at the end.

use std::net::Ipv6Addr;

use super::host::{self, Host};
use super::{OriginPattern, default_port, idna, is_scheme, split_port, written};

/// The longest text that gets a suggestion: longer text was not meant to be an origin, and the time for punycode grows with the
/// square of a label's length.
const MAX_GUESSED_LEN: usize = 1024;

/// The pattern that was probably meant: with a scheme, in the spelling of browsers, and without the parts that an origin does
/// not have. [`OriginPattern`] always accepts it, and it is never the text itself.
pub(crate) fn suggest(text: &str) -> Option<String> {
    // Browsers read a backslash as a slash, people do not: `https://good.example\@evil.example`. And
    // `https://app\.example\.com` does not mean `https://app`.
    if text.len() > MAX_GUESSED_LEN || text.contains('\\') || written::is_regular_expression(text) {
        return None;
    }
    let suggestion = respell(written::unwrapped(text))?;
    (suggestion != text && suggestion.parse::<OriginPattern>().is_ok()).then_some(suggestion)
}

fn respell(text: &str) -> Option<String> {
    if let Some((scheme, rest)) = written::web_scheme(text) {
        // The page that opens a WebSocket is served over HTTP.
        let scheme = if matches!(scheme.as_str(), "http" | "ws") { "http" } else { "https" };
        return respell_behind(scheme, rest);
    }
    if let Some((scheme, rest)) = text.split_once("://") {
        let scheme = scheme.to_ascii_lowercase();
        return if is_scheme(&scheme) { respell_behind(&scheme, rest) } else { None };
    }
    respell_behind(missing_scheme(text)?, text.strip_prefix("//").unwrap_or(text))
}

/// The usual scheme for a text that is clearly a host: not an IP address, which can have either scheme, not an e-mail address,
/// and not a single word.
fn missing_scheme(text: &str) -> Option<&'static str> {
    let authority = authority(text.strip_prefix("//").unwrap_or(text));
    let (host, _) = split_port(authority);
    let (_, domain) = split_wildcard(host);
    let domain = domain.to_ascii_lowercase();
    if authority.contains('@') {
        return None;
    }
    match Host::parse(&domain, true) {
        Some(host) if host.is_local() => Some("http"),
        Some(Host::Ipv4(_) | Host::Ipv6(_)) => None,
        // A name that is not ASCII is not a host yet.
        _ => domain.contains('.').then_some("https"),
    }
}

/// The origin of a scheme and the text after its slashes.
fn respell_behind(scheme: &str, rest: &str) -> Option<String> {
    let authority = authority(rest);
    let (user, host_and_port) = authority.rsplit_once('@').unwrap_or(("", authority));
    // People may read `https://good.example@evil.example` differently from browsers, and browsers do not accept a `*` there.
    if user.contains('.') || (!user.is_empty() && host_and_port.contains('*')) {
        return None;
    }
    let (host, port) = split_port(host_and_port);
    Some(format!("{scheme}://{}{}", respell_host(scheme, host)?, respell_port(scheme, port)?))
}

fn authority(rest: &str) -> &str {
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

fn respell_host(scheme: &str, host: &str) -> Option<String> {
    if let Some(address) = host.strip_prefix('[') {
        let address: Ipv6Addr = address.strip_suffix(']')?.parse().ok()?;
        let mut serialized = String::from("[");
        host::write_ipv6(&mut serialized, address).ok()?;
        serialized.push(']');
        return Some(serialized);
    }
    if default_port(scheme).is_none() {
        // An opaque host has no other spelling.
        return Some(host.to_owned());
    }
    let (wildcard, domain) = split_wildcard(host);
    let labels: Option<Vec<_>> = domain.split('.').map(idna::to_ascii).collect();
    Some(format!("{wildcard}{}", labels?.join(".")))
}

fn split_wildcard(host: &str) -> (&str, &str) {
    host.split_at(if host.starts_with("*.") { 2 } else { 0 })
}

fn respell_port(scheme: &str, port: Option<&str>) -> Option<String> {
    match port {
        None | Some("") => Some(String::new()),
        Some("*") => Some(":*".to_owned()),
        Some(digits) => {
            // `u16` would take a sign.
            let digits = digits.bytes().all(|byte| byte.is_ascii_digit()).then_some(digits)?;
            let port: u16 = digits.parse().ok()?;
            if default_port(scheme) == Some(port) { Some(String::new()) } else { Some(format!(":{port}")) }
        }
    }
}

/// The same origin over TLS.
pub(crate) fn suggest_secure(text: &str) -> Option<String> {
    let rest = text.strip_prefix("http:")?;
    let secure = format!("https:{}", rest.strip_suffix(":443").unwrap_or(rest));
    secure.parse::<OriginPattern>().is_ok().then_some(secure)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guess_is_made_at_the_limit_and_not_one_past_it() {
        let longest =
            format!("https://a.example/{}", "a".repeat(MAX_GUESSED_LEN - "https://a.example/".len()));
        assert_eq!(suggest(&longest).as_deref(), Some("https://a.example"));
        assert_eq!(suggest(&format!("{longest}a")), None);
    }
}
