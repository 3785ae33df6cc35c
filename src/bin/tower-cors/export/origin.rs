//! An origin of a policy as a regular expression, in the syntax that RE2 and PCRE share.
//!
//! They match exactly the origins that the policy's own matcher matches, so an origin that passes can be echoed. No group captures,
//! because other rules of the proxy may use captures.

/// What an origin of a policy is, to a target.
pub(super) enum Rule<'p> {
    /// Compared byte for byte.
    Exact(&'p str),
    /// A text with a wildcard, and the expression that it is, anchored at both ends.
    Pattern(&'p str, String),
}

/// A host that no pattern may match: more than 253 bytes, and one for a trailing dot (RFC 1035, section 2.3.4). It is checked separately,
/// because RE2 cannot count across labels, and first, wherever there is a [`Rule::Pattern`].
pub(super) const TOO_LONG: &str = r"^[^:]+://(?:[^:]{255}|[^:]{253}[^:.](?::|$))";

impl<'p> Rule<'p> {
    /// `text` is an entry of a policy's `allow_origins`, and not `*`.
    pub(super) fn of(text: &'p str) -> Self {
        expression(text).map_or(Self::Exact(text), |expression| Self::Pattern(text, expression))
    }

    pub(super) fn is_pattern(&self) -> bool {
        matches!(self, Self::Pattern(..))
    }
}

/// The expression that matches exactly this text.
pub(super) fn literal(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for char in text.chars() {
        // Both syntaxes read these ASCII characters literally, anywhere.
        if !char.is_ascii_alphanumeric() && !matches!(char, '-' | '_' | ':' | '/') {
            escaped.push('\\');
        }
        escaped.push(char);
    }
    escaped
}

fn expression(text: &str) -> Option<String> {
    let (scheme, authority) = text.split_once("://")?;
    let is_special = matches!(scheme, "http" | "https");
    // An app's host keeps its case: URL, opaque host.
    let label = if is_special { "[0-9a-z_-]{1,63}" } else { "[0-9A-Za-z_-]{1,63}" };
    let (host, port) = match authority.strip_suffix(":*") {
        Some(host) => (host, format!("(?::(?:{}))?", ports(scheme))),
        None => (authority, String::new()),
    };
    let host = match host.strip_prefix('*') {
        Some("") => format!(r"{label}(?:\.{label})*\.?"),
        Some(below) => format!(r"(?:{label}\.)+{}", literal(below.strip_prefix('.')?)),
        None if port.is_empty() => return None,
        None => literal(host),
    };
    Some(format!("^{}://{host}{port}$", literal(scheme)))
}

/// The numbers from 1 to 65535 as browsers write them: without a leading zero, and without the default port of the scheme.
fn ports(scheme: &str) -> String {
    let (two_digits, three_digits) = match scheme {
        "http" => ("[1-79][0-9]|8[1-9]", "[1-9][0-9]{2}"),
        "https" => ("[1-9][0-9]", "[1-35-9][0-9]{2}|4[0-35-9][0-9]|44[0-24-9]"),
        _ => ("[1-9][0-9]", "[1-9][0-9]{2}"),
    };
    format!(
        "[1-9]|{two_digits}|{three_digits}|[1-9][0-9]{{3}}|[1-5][0-9]{{4}}|6[0-4][0-9]{{3}}|65[0-4][0-9]{{2}}|655[0-2][0-9]|6553[0-5]"
    )
}
