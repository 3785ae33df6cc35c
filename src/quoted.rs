//! Untrusted text, made safe for a message.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

/// How many characters of a value a message shows.
pub(crate) const MAX_QUOTED_CHARS: usize = 80;

/// How many bytes of a value are read: enough for one character more than is shown, to see whether it is cut.
pub(crate) const MAX_QUOTED_BYTES: usize = (MAX_QUOTED_CHARS + 1) * 4;

/// Prints a value between backticks, escaped and cut: it may come from a tenant's configuration or from a request, and
/// must neither forge a line of a log nor fill it.
pub(crate) struct Quoted<'a>(pub(crate) &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('`')?;
        let is_cut = write_escaped(f, self.0)?;
        f.write_str(if is_cut { "`..." } else { "`" })
    }
}

impl fmt::Debug for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A header's value without the backticks, for a place that contains only this value.
pub(crate) fn shown(value: &[u8]) -> String {
    Escaped(&text(value)).to_string()
}

/// A value without the backticks, escaped and cut.
pub(crate) struct Escaped<'a>(pub(crate) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_cut = write_escaped(f, self.0)?;
        f.write_str(if is_cut { "..." } else { "" })
    }
}

/// As much of a header's value as a message shows. Bytes that are not UTF-8 are replaced.
pub(crate) fn text(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(&bytes[..bytes.len().min(MAX_QUOTED_BYTES)])
}

/// Returns whether the text was cut.
fn write_escaped(f: &mut fmt::Formatter<'_>, text: &str) -> Result<bool, fmt::Error> {
    let mut chars = text.chars().peekable();
    for _ in 0..MAX_QUOTED_CHARS {
        let Some(char) = chars.next() else { break };
        match char {
            '\'' | '"' => f.write_char(char)?,
            '`' => f.write_str("\\`")?,
            // As in `\d` and `\.`: this keeps regular expressions readable.
            '\\' if chars.peek().is_some_and(|next| cannot_be_escape(*next)) => f.write_char(char)?,
            // Line breaks, terminal escapes, text direction marks; but letters of any script stay readable.
            _ => write!(f, "{}", char.escape_debug())?,
        }
    }
    Ok(chars.next().is_some())
}

/// Whether a backslash before this character cannot be the start of an escape.
fn cannot_be_escape(next: char) -> bool {
    let is_itself = matches!(next, '\'' | '"') || next.escape_debug().len() == 1;
    is_itself && !matches!(next, 'n' | 'r' | 't' | 'u' | '0' | '`')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_escaped() {
        let cases = [
            ("https://example.com", "`https://example.com`"),
            ("bücher 日本", "`bücher 日本`"),
            ("it's \"so\"", "`it's \"so\"`"),
            ("a\r\nlevel=error", "`a\\r\\nlevel=error`"),
            ("\u{1b}[31m", "`\\u{1b}[31m`"),
            ("a\u{202e}b", "`a\\u{202e}b`"),
            ("a`b\\", "`a\\`b\\\\`"),
            (r"\d+\.(com|org)\b", r"`\d+\.(com|org)\b`"),
            (r"\n\t\r\0\u{1b}\\\`", r"`\\n\\t\\r\\0\\u{1b}\\\\\\\``"),
            ("\\\n\\\u{1b}", r"`\\\n\\\u{1b}`"),
        ];
        for (value, quoted) in cases {
            assert_eq!(Quoted(value).to_string(), quoted);
            assert_eq!(format!("`{}`", Escaped(value)), quoted);
        }
    }

    #[test]
    fn values_are_cut_one_character_past_the_limit() {
        let most = "ü".repeat(MAX_QUOTED_CHARS);
        assert_eq!(Quoted(&most).to_string(), format!("`{most}`"));
        assert_eq!(Quoted(&format!("{most}a")).to_string(), format!("`{most}`..."));
        assert_eq!(Escaped(&format!("{most}a")).to_string(), format!("{most}..."));
    }

    #[test]
    fn of_a_header_no_more_is_read_than_is_shown() {
        let longest = "\u{1f980}".repeat(MAX_QUOTED_CHARS + 1);
        assert_eq!(text(longest.as_bytes()), longest);
        assert_eq!(text(format!("{longest}a").as_bytes()), longest);
        assert_eq!(text(b"caf\xe9"), "caf\u{fffd}");
    }
}
