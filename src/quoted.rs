//! Text of unknown origin, made fit for a message.

use std::fmt::{self, Write as _};

/// How many characters of a value a message shows.
pub(crate) const MAX_QUOTED_CHARS: usize = 80;

/// Prints a value between backticks, escaped and cut: it may come from a tenant's configuration or from a request, and
/// must neither forge a line of a log nor fill it.
pub(crate) struct Quoted<'a>(pub(crate) &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('`')?;
        let mut chars = self.0.chars();
        for char in chars.by_ref().take(MAX_QUOTED_CHARS) {
            match char {
                '\'' | '"' => f.write_char(char)?,
                '`' => f.write_str("\\`")?,
                // Line breaks, terminal escapes, text direction marks; but letters of any script stay readable.
                _ => write!(f, "{}", char.escape_debug())?,
            }
        }
        f.write_str(if chars.next().is_some() { "`..." } else { "`" })
    }
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
            ("a`b\\c", "`a\\`b\\\\c`"),
        ];
        for (value, quoted) in cases {
            assert_eq!(Quoted(value).to_string(), quoted);
        }
    }

    #[test]
    fn values_are_cut_one_character_past_the_limit() {
        let most = "ü".repeat(MAX_QUOTED_CHARS);
        assert_eq!(Quoted(&most).to_string(), format!("`{most}`"));
        assert_eq!(Quoted(&format!("{most}a")).to_string(), format!("`{most}`..."));
    }
}
