//! Text from others, made safe for a terminal.

use http::HeaderValue;

/// The most characters of a value that are shown. Long lists of header names have some 300.
const MAX_SHOWN: usize = 400;

/// A value that is safe on a terminal: on one line, escaped, and cut if it is long.
pub(crate) fn shown(text: &str) -> String {
    let mut chars = text.chars();
    let mut shown = String::new();
    for char in chars.by_ref().take(MAX_SHOWN) {
        match char {
            '"' | '\'' | '\\' => shown.push(char),
            // Line breaks, terminal escapes, text direction marks. Letters of any script stay readable.
            _ => shown.extend(char.escape_debug()),
        }
    }
    if chars.next().is_some() {
        shown.push_str("...");
    }
    shown
}

/// A header's value. Bytes that are not UTF-8 are replaced.
pub(crate) fn shown_value(value: &HeaderValue) -> String {
    shown(&String::from_utf8_lossy(value.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_terminal_would_interpret_is_shown_as_it_is() {
        for (text, expected) in [
            ("https://a.example/?q=\"x\\y'", "https://a.example/?q=\"x\\y'"),
            ("bücher 日本", "bücher 日本"),
            ("a\r\nb\u{1b}[31m\u{202e}", "a\\r\\nb\\u{1b}[31m\\u{202e}"),
        ] {
            assert_eq!(shown(text), expected);
        }
    }

    #[test]
    fn a_value_is_cut_one_character_past_the_limit() {
        let most = "ü".repeat(MAX_SHOWN);
        assert_eq!(shown(&most), most);
        assert_eq!(shown(&format!("{most}a")), format!("{most}..."));
    }
}
