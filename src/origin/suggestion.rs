//! What somebody may have meant by a text that is no origin pattern.

use std::net::Ipv6Addr;

use super::punycode::label_to_ascii;
use super::{OriginPattern, default_port, host, split_port};

/// The longest text that is worth a guess: what is longer was not meant to be an origin, and punycode takes a time that
/// grows with the square of a label.
const MAX_GUESSED_LEN: usize = 1024;

/// The pattern that a text was probably meant to be: with a scheme, without what browsers leave out of an origin, and in
/// their spelling. Always a pattern that [`OriginPattern`] accepts, and never the text itself.
pub(crate) fn suggest(text: &str) -> Option<String> {
    if text.len() > MAX_GUESSED_LEN {
        return None;
    }
    let suggestion = respell(text.trim())?;
    (suggestion != text && suggestion.parse::<OriginPattern>().is_ok()).then_some(suggestion)
}

fn respell(text: &str) -> Option<String> {
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme, rest)) => (scheme.to_ascii_lowercase(), rest),
        // `//example.com` and `example.com`: the scheme that most pages have.
        None => (String::new(), text.trim_start_matches('/')),
    };
    let authority = rest.split(['/', '?', '#']).next()?;
    let authority = authority.rsplit('@').next()?;
    if authority.parse::<Ipv6Addr>().is_ok() {
        return respell(&format!("{scheme}://[{authority}]"));
    }
    let (host, port) = split_port(authority);
    let host = suggest_host(host)?;
    let scheme = match scheme.as_str() {
        "" if is_local(&host) => "http",
        "" if host.contains('.') => "https",
        // A lone word, such as `null`, was hardly meant to be a host.
        "" => return None,
        scheme => scheme,
    };
    Some(format!("{scheme}://{host}{}", suggest_port(scheme, port)?))
}

/// The same origin over TLS.
pub(crate) fn suggest_secure(text: &str) -> Option<String> {
    let secure = format!("https:{}", text.strip_prefix("http:")?);
    secure.parse::<OriginPattern>().is_ok().then_some(secure)
}

fn suggest_host(host: &str) -> Option<String> {
    if let Some(address) = host.strip_prefix('[') {
        // A zone means something to one machine alone, so that a page elsewhere cannot have it.
        let address = address.trim_end_matches(']').split('%').next()?;
        let address: Ipv6Addr = address.parse().ok()?;
        if let Some(address) = address.to_ipv4_mapped() {
            return Some(address.to_string());
        }
        let mut serialized = String::from("[");
        host::write_ipv6(&mut serialized, address).ok()?;
        serialized.push(']');
        return Some(serialized);
    }
    // `*example.com` was meant to be `*.example.com`.
    let (wildcard, domain) = match host.strip_prefix('*') {
        Some(domain) => ("*.", domain.strip_prefix('.').unwrap_or(domain)),
        None => ("", host),
    };
    let labels: Option<Vec<_>> = domain.split('.').map(label_to_ascii).collect();
    Some(format!("{wildcard}{}", labels?.join(".")))
}

fn suggest_port(scheme: &str, port: Option<&str>) -> Option<String> {
    match port {
        None | Some("") => Some(String::new()),
        Some("*") => Some(":*".to_owned()),
        Some(digits) => {
            let port: u16 = digits.parse().ok()?;
            if default_port(scheme) == Some(port) { Some(String::new()) } else { Some(format!(":{port}")) }
        }
    }
}

fn is_local(host: &str) -> bool {
    super::Host::parse(host, true).is_some_and(super::Host::is_local)
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
