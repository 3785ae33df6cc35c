//! Text of a server, made fit for a terminal.

use http::HeaderValue;

/// How many characters of a value are shown. Long lists of header names have some 300.
const MAX_SHOWN: usize = 400;

/// Escapes what a terminal would interpret, and cuts what is long.
pub(super) fn shown(text: &str) -> String {
    let mut chars = text.chars();
    let mut shown = String::new();
    for char in chars.by_ref().take(MAX_SHOWN) {
        match char {
            '\'' | '"' | '\\' => shown.push(char),
            // Line breaks, terminal escapes, text direction marks; but letters of any script stay readable.
            _ => shown.extend(char.escape_debug()),
        }
    }
    if chars.next().is_some() {
        shown.push_str("...");
    }
    shown
}

/// The same of a header's value. What is not UTF-8 is replaced.
pub(super) fn value(value: &HeaderValue) -> String {
    shown(&String::from_utf8_lossy(value.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_interprets_is_escaped() {
        assert_eq!(shown("a\u{1b}[31m\r\n\u{202e}b"), "a\\u{1b}[31m\\r\\n\\u{202e}b");
        assert_eq!(shown("it's \"bücher\""), "it's \"bücher\"");
        assert_eq!(value(&HeaderValue::from_bytes(b"caf\xe9 \x9b31m").unwrap()), "caf\u{fffd} \u{fffd}31m");
    }

    #[test]
    fn long_values_are_cut_one_character_past_the_limit() {
        let most = "ü".repeat(MAX_SHOWN);
        assert_eq!(shown(&most), most);
        assert_eq!(shown(&format!("{most}a")), format!("{most}..."));
    }
}
