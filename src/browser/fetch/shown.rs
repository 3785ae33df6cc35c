//! Untrusted text, prepared for a message.

/// The most bytes of a value that a message shows.
const MAX_SHOWN: usize = 200;

/// A value as a message can show it: escaped, and cut if it is long.
pub(in crate::browser) fn shown(value: &[u8]) -> String {
    let escaped = value.escape_ascii().to_string();
    match escaped.get(..MAX_SHOWN) {
        Some(start) if escaped.len() > MAX_SHOWN => format!("{start}..."),
        _ => escaped,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shown_values_are_escaped_and_short() {
        assert_eq!(shown(b"a\tb\xe9\""), "a\\tb\\xe9\\\"");
        assert_eq!(shown(&[b'a'; MAX_SHOWN]).len(), MAX_SHOWN);
        assert_eq!(shown(&[b'a'; MAX_SHOWN + 1]), format!("{}...", "a".repeat(MAX_SHOWN)));
    }
}
