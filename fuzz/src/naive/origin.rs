//! Sections 2.1 and 2.2: the origin of a request.

use std::net::{Ipv4Addr, Ipv6Addr};

use http::Request;
use url::Url;

use crate::case::Case;
use crate::config::Config;

const SPECIAL_SCHEMES: [(&str, &str); 2] = [("http", "80"), ("https", "443")];

/// No page, or pages that send `null`.
const NEVER_SENT: [&str; 8] = ["file", "about", "data", "blob", "javascript", "ws", "wss", "ftp"];

/// The one `Origin` line of a request, if it is allowed.
pub(super) fn allowed(case: &Case) -> Option<&str> {
    let origin = single(&case.request, "origin")?;
    allows(&case.config, origin).then_some(origin)
}

fn allows(config: &Config, origin: &str) -> bool {
    if origin == "null" {
        return config.allow_null_origin || config.allows_any_origin();
    }
    let Some(parts) = split(origin).filter(is_well_formed) else {
        return false;
    };
    config.allows_any_origin()
        || config.origins.iter().any(|pattern| matches(pattern, &parts))
        || config.origins_with.iter().any(|text| origin.contains(text.as_str()))
}

fn matches(pattern: &str, origin: &Parts<'_>) -> bool {
    let Some(pattern) = split(pattern) else {
        return false;
    };
    let host_matches = match pattern.host.strip_prefix('*') {
        Some("") => !origin.host.starts_with('['),
        // The rest starts with a dot, so no label is cut in two.
        Some(rest) => origin.host.ends_with(rest),
        None => origin.host == pattern.host,
    };
    let port_matches = pattern.port == Some("*") || pattern.port == origin.port;
    pattern.scheme == origin.scheme && host_matches && port_matches
}

/// Section 2.6: same-origin if the browser says so; if it says nothing, if the request was sent to the origin's own host and
/// port. A service with `served_at` believes only its own origins.
pub(super) fn is_same_origin(case: &Case) -> bool {
    let request = &case.request;
    let own = &case.config.served_at;
    if own.is_empty() && request.headers().contains_key("sec-fetch-site") {
        return single(request, "sec-fetch-site") == Some("same-origin");
    }
    let Some(origin) = single(request, "origin").and_then(split).filter(is_well_formed) else {
        return false;
    };
    let is_known = if own.is_empty() {
        let has_target = request.uri().authority().is_some();
        !has_target || request.uri().scheme_str().is_none_or(|scheme| scheme == origin.scheme)
    } else {
        own.iter().any(|pattern| matches(pattern, &origin))
    };
    is_known && authority(request).is_some_and(|authority| is_at(&origin, authority))
}

/// Section 2.6: whether the request was sent to one of the service's own origins, with any scheme.
pub(super) fn is_sent_to_own(case: &Case) -> bool {
    let Some(authority) = authority(&case.request) else {
        return false;
    };
    SPECIAL_SCHEMES.iter().any(|(scheme, default_port)| {
        let named = format!("{scheme}://{}", authority.to_ascii_lowercase());
        let text = named.strip_suffix(&format!(":{default_port}")).unwrap_or(&named);
        let origin = split(text).filter(is_well_formed);
        origin.is_some_and(|origin| case.config.served_at.iter().any(|pattern| matches(pattern, &origin)))
    })
}

/// The host to which the request was sent.
fn authority(request: &Request<()>) -> Option<&str> {
    match request.uri().authority() {
        Some(authority) => Some(authority.as_str()),
        None => single(request, "host"),
    }
}

/// Only pages of these two schemes come from an HTTP server.
fn is_at(origin: &Parts<'_>, authority: &str) -> bool {
    let Some(default_port) = default_port(origin.scheme) else {
        return false;
    };
    let spellings = match origin.port {
        Some(port) => vec![format!("{}:{port}", origin.host)],
        None => vec![origin.host.to_owned(), format!("{}:{default_port}", origin.host)],
    };
    spellings.iter().any(|spelling| spelling.eq_ignore_ascii_case(authority))
}

struct Parts<'a> {
    scheme: &'a str,
    host: &'a str,
    port: Option<&'a str>,
}

fn split(origin: &str) -> Option<Parts<'_>> {
    let (scheme, authority) = origin.split_once("://")?;
    let (host, port) = match authority.rsplit_once(':') {
        // A colon in brackets belongs to the address.
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (authority, None),
    };
    Some(Parts { scheme, host, port })
}

fn is_well_formed(origin: &Parts<'_>) -> bool {
    is_scheme(origin.scheme)
        && is_host(origin.host, default_port(origin.scheme).is_some())
        && origin.port.is_none_or(|port| is_port(port) && default_port(origin.scheme) != Some(port))
}

fn is_scheme(scheme: &str) -> bool {
    let is_of_scheme_bytes =
        scheme.chars().all(|char| char.is_ascii_lowercase() || char.is_ascii_digit() || "+-.".contains(char));
    scheme.starts_with(|char: char| char.is_ascii_lowercase())
        && is_of_scheme_bytes
        && scheme.len() <= 32
        && !NEVER_SENT.contains(&scheme)
}

fn is_host(host: &str, special: bool) -> bool {
    if host.starts_with('[') {
        let address = host.trim_start_matches('[').trim_end_matches(']');
        let is_address = address.parse::<Ipv6Addr>().is_ok();
        return is_address
            && Url::parse(&format!("http://{host}")).is_ok_and(|url| url.host_str() == Some(host));
    }
    let name = host.strip_suffix('.').unwrap_or(host);
    let labels: Vec<_> = name.split('.').collect();
    if special && is_number(labels[labels.len() - 1]) {
        return host.parse::<Ipv4Addr>().is_ok_and(|address| address.to_string() == host);
    }
    name.len() <= 253 && labels.iter().all(|label| is_label(label, special))
}

fn is_label(label: &str, special: bool) -> bool {
    let is_letter = |char: char| char.is_ascii_lowercase() || (!special && char.is_ascii_uppercase());
    let is_label_char = |char: char| is_letter(char) || char.is_ascii_digit() || "-_".contains(char);
    (1..=63).contains(&label.len()) && label.chars().all(is_label_char)
}

/// Whether a host is parsed as an address: the URL standard's ends-in-a-number checker.
fn is_number(label: &str) -> bool {
    let is_decimal = !label.is_empty() && label.chars().all(|char| char.is_ascii_digit());
    let hexadecimal = label.strip_prefix("0x");
    is_decimal || hexadecimal.is_some_and(|digits| digits.chars().all(|char| char.is_ascii_hexdigit()))
}

fn is_port(port: &str) -> bool {
    port.parse::<u16>().is_ok_and(|number| number != 0 && number.to_string() == port)
}

fn default_port(scheme: &str) -> Option<&'static str> {
    SPECIAL_SCHEMES.iter().find(|(special, _)| *special == scheme).map(|(_, port)| *port)
}

/// A header's value, if it is one line of text.
fn single<'a>(request: &'a Request<()>, name: &str) -> Option<&'a str> {
    let lines: Vec<_> = request.headers().get_all(name).iter().collect();
    match lines[..] {
        [line] => line.to_str().ok(),
        _ => None,
    }
}
