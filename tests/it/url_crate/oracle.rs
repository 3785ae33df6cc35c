//! Compares the URL Standard's parser with the builder, in both directions. Shared with the fuzz targets.

// Public for the fuzz targets.
#![allow(unreachable_pub)]

use tower_cors::{CorsPolicy, Issue, OriginPattern};
use url::Url;

/// Schemes that are never in an `Origin` header.
const NEVER_SENT: [&str; 8] = ["file", "about", "data", "blob", "javascript", "ws", "wss", "ftp"];

/// Checks the builder's result for a text:
///
/// - a text that it accepts is the origin that a browser sends for this URL;
/// - an origin that a browser sends is accepted, unless it is refused on purpose;
/// - a suggestion is accepted, and is the origin that a browser opens for the text.
pub fn assert_builder_agrees(text: &str) {
    match text.parse::<OriginPattern>() {
        Ok(pattern) => assert_a_browser_sends(&pattern),
        Err(problem) => assert!(
            origin_of(text).as_deref() != Some(text) || is_refused_on_purpose(text),
            "{text:?} is refused: {problem}"
        ),
    }
    assert_suggestion_is_true(text);
}

/// Only the suggestion, where a mistake is most dangerous.
pub fn assert_suggestion_is_true(text: &str) {
    let Some(suggestion) = suggestion(text, false) else {
        return;
    };
    assert_ne!(suggestion, text);
    let pattern = suggestion.parse::<OriginPattern>();
    assert!(pattern.is_ok(), "of {text:?} the suggestion {suggestion} is refused: {pattern:?}");
    let expected = origin_of(&completed(&made_concrete(meant(text)), &suggestion));
    let expected = expected.map(|origin| page_of_web_socket(&origin));
    assert_eq!(expected, Some(made_concrete(&suggestion)), "the suggestion for {text:?}");
    if let Some(with_credentials) = suggestion_with_credentials(text) {
        // There, plain http's explicit port is the default.
        let over_tls = suggestion.replacen("http:", "https:", 1);
        let over_tls = over_tls.strip_suffix(":443").unwrap_or(&over_tls);
        assert!(
            [suggestion.as_str(), over_tls].contains(&with_credentials.as_str()),
            "{with_credentials} for {text:?}"
        );
    }
}

/// The origin of the page at a URL, as browsers send it.
pub fn origin_of(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    if url.origin().is_tuple() {
        return Some(url.origin().ascii_serialization());
    }
    // The standard does not define the origin of an app; web views send these parts of its URL.
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    Some(format!("{}://{}{port}", url.scheme(), url.host()?))
}

/// Whether the crate is stricter than the URL Standard, which leaves lengths and most of ASCII to DNS.
pub fn is_refused_on_purpose(origin: &str) -> bool {
    let (scheme, authority) = origin.split_once("://").unwrap_or_default();
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, port),
        _ => (authority, ""),
    };
    let name = host.strip_suffix('.').unwrap_or(host);
    let is_too_long = scheme.len() > 32 || name.len() > 253 || name.split('.').any(|label| label.len() > 63);
    let has_an_empty_label = name.split('.').any(str::is_empty);
    let has_another_byte = !host.starts_with('[')
        && name.contains(|char: char| !char.is_ascii_alphanumeric() && !"-_.".contains(char));
    let is_ipv4_mapped = host.starts_with("[::ffff:") && host.matches(':').count() == 4;
    // `http://example.com:0` is a URL, but nothing can listen there.
    let has_no_port = port == "0";
    NEVER_SENT.contains(&scheme)
        || is_too_long
        || has_an_empty_label
        || has_another_byte
        || is_ipv4_mapped
        || has_no_port
}

/// An exception: the crate refuses only those invalid `xn--` labels that it can detect without the tables of
/// IDNA.
fn assert_a_browser_sends(pattern: &OriginPattern) {
    let origin = made_concrete(pattern.as_str());
    match origin_of(&origin) {
        Some(sent) => assert_eq!(sent, origin, "{pattern} is accepted"),
        None => assert!(origin.contains("xn--"), "{pattern} is accepted, and no browser sends it"),
    }
}

/// One origin that a pattern matches; the same for a text that was meant to be a pattern.
fn made_concrete(pattern: &str) -> String {
    pattern.replace("://*", "://a").replace("*.", "a.").replace(":*", ":1")
}

/// The text in quotes, in a list of one, or before a list separator.
fn meant(text: &str) -> &str {
    let trim = |text| str::trim_matches(text, |char| char <= ' ');
    let text = trim(trim(text).trim_end_matches([',', ';']));
    for quote in ['"', '\'', '`'] {
        let opened = text.trim_start_matches(['[', ' ']).strip_prefix(quote);
        if let Some((inside, _)) = opened.and_then(|opened| opened.split_once(quote)) {
            return inside;
        }
    }
    text
}

/// Adds the suggested scheme to a text without one, and the colon to `https//`. The host stays that of the
/// text.
fn completed(text: &str, suggestion: &str) -> String {
    let lowercase = text.to_ascii_lowercase();
    if let Some(scheme) =
        ["http", "https", "ws", "wss"].iter().find(|scheme| lowercase.starts_with(&format!("{scheme}//")))
    {
        return format!("{scheme}:{}", &text[scheme.len()..]);
    }
    let has_scheme = ["http:", "https:", "ws:", "wss:"].iter().any(|scheme| lowercase.starts_with(scheme));
    if has_scheme || lowercase.contains("://") {
        return text.to_owned();
    }
    let (scheme, _) = suggestion.split_once(':').expect("a suggestion has a scheme");
    format!("{scheme}://{}", text.trim_start_matches("//"))
}

/// The origin of the page that opens a WebSocket at an origin.
fn page_of_web_socket(origin: &str) -> String {
    match origin.strip_prefix("ws") {
        Some(rest) if rest.starts_with(':') || rest.starts_with("s:") => format!("http{rest}"),
        _ => origin.to_owned(),
    }
}

fn suggestion_with_credentials(text: &str) -> Option<String> {
    suggestion(text, true)
}

fn suggestion(text: &str, credentials: bool) -> Option<String> {
    let error = CorsPolicy::builder().allow_origin(text).allow_credentials(credentials).build().err()?;
    error.issues().find_map(Issue::suggestion).map(str::to_owned)
}
