//! Text that people write around an origin, or instead of one: quotes, lists, regular expressions, slashes.

use super::{default_port, is_web_socket};

/// The separators of a list of origins, besides white space.
pub(super) const SEPARATORS: [char; 2] = [',', ';'];

const QUOTES: [char; 3] = ['"', '\'', '`'];

/// Parts of many regular expressions, and of no origin.
const REGULAR_EXPRESSION: [&str; 9] = ["\\.", "\\d", "\\w", "://.*", "://.+", "://(", "|", "[a-z", "[^"];

/// `["https://a.example"]`, or a part of it after a split at commas.
pub(super) fn is_json_list(text: &str) -> bool {
    let text = text.trim();
    let starts = text.strip_prefix('[').is_some_and(|rest| rest.trim_start().starts_with(QUOTES));
    let ends = text.strip_suffix(']').is_some_and(|rest| rest.trim_end().ends_with(QUOTES));
    starts || ends
}

pub(super) fn has_quotes(text: &str) -> bool {
    let text = text.trim().trim_end_matches(SEPARATORS);
    text.starts_with(QUOTES) || text.ends_with(QUOTES)
}

pub(super) fn is_regular_expression(text: &str) -> bool {
    text.starts_with('^') || text.ends_with('$') || REGULAR_EXPRESSION.iter().any(|part| text.contains(part))
}

/// Whether it is several texts that look like origins. White space separates only texts with a scheme: in `https://exam
/// ple.com`, it is a typo.
pub(super) fn is_list(text: &str) -> bool {
    let has_separator = text.contains(SEPARATORS);
    let looks_like_origin = |part: &str| {
        part.contains("://") || (has_separator && (part.contains('.') || part.starts_with("localhost")))
    };
    let mut parts = text
        .split(|char: char| SEPARATORS.contains(&char) || char.is_whitespace())
        .filter(|part| !part.is_empty())
        .map(looks_like_origin);
    parts.next() == Some(true)
        && parts.next() == Some(true)
        && parts.all(|looks_like_origin| looks_like_origin)
}

/// The origin in quotes, in a list of one, or before a separator.
pub(super) fn unwrapped(text: &str) -> &str {
    let text = trim(trim(text).trim_end_matches(SEPARATORS));
    unquoted(text).unwrap_or(text)
}

/// URL, basic URL parser, step 1: browsers remove C0 controls and spaces, and no other white space.
fn trim(text: &str) -> &str {
    text.trim_matches(|char| char <= ' ')
}

/// A text in one pair of quotes, perhaps with a bracket before or after it.
fn unquoted(text: &str) -> Option<&str> {
    let text = text.strip_prefix('[').unwrap_or(text).trim_start_matches(' ');
    let quote = text.chars().next().filter(|first| QUOTES.contains(first))?;
    let (inside, behind) = text[1..].split_once(quote)?;
    matches!(behind.trim_matches(' '), "" | "]").then_some(inside)
}

/// `https:/example.com`, `https:example.com`, `https//example.com`.
pub(super) fn lacks_slashes(text: &str) -> bool {
    web_scheme(text).is_some_and(|(scheme, _)| !text[scheme.len()..].starts_with("://"))
}

/// The scheme of a web page or a WebSocket, in lower case, and what follows its slashes, which starts with the authority.
///
/// However many slashes there are, browsers read it the same: URL, special authority ignore slashes state. They require the
/// colon, but `https//` was meant to have one.
pub(super) fn web_scheme(text: &str) -> Option<(String, &str)> {
    let end = text.find([':', '/'])?;
    let scheme = text[..end].to_ascii_lowercase();
    if default_port(&scheme).is_none() && !is_web_socket(&scheme) {
        return None;
    }
    let rest = text[end..].strip_prefix(':').or_else(|| text[end..].strip_prefix("//"))?;
    Some((scheme, rest.trim_start_matches('/')))
}
