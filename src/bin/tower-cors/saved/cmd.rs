//! The words of a command, as first `cmd.exe` and then a program's start-up code on Windows read them.
//!
//! Both browsers write `^"` around each word, so `cmd.exe` sees no quotes and `^` escapes everywhere; `\"` for a quote and `\\` for
//! a backslash, for the program; `^` and two line ends for one line end; `%^` where a variable could follow. Older versions of Firefox did not:
//! quotes of `cmd.exe` itself are read too, and `""` in them.

use std::iter::Peekable;
use std::str::CharIndices;

/// Reads the words of the first command of a text, and how many bytes it has, with what ends it. `None`: a quote has no end.
pub(super) fn words(text: &str) -> Option<(Vec<String>, usize)> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut is_quoted = false;
    let mut passed = Passed { chars: text.char_indices().peekable(), is_quoted: false };
    let mut chars = std::iter::from_fn(|| passed.next()).peekable();
    while let Some(char) = chars.next() {
        match char {
            '"' if is_quoted && chars.next_if_eq(&'"').is_some() => word.get_or_insert_default().push('"'),
            '"' => {
                is_quoted = !is_quoted;
                word.get_or_insert_default();
            }
            // The browsers double each backslash, even where the program does not need it.
            '\\' => {
                let escaped = chars.next_if(|next| matches!(next, '"' | '\\')).unwrap_or('\\');
                word.get_or_insert_default().push(escaped);
            }
            ' ' | '\t' if !is_quoted => words.extend(word.take()),
            char => word.get_or_insert_default().push(char),
        }
    }
    drop(chars);
    words.extend(word);
    let end = passed.chars.peek().map_or(text.len(), |(index, _)| *index);
    (!is_quoted).then_some((words, end))
}

/// What `cmd.exe` passes to the program, up to and including the end of the command.
struct Passed<'a> {
    chars: Peekable<CharIndices<'a>>,
    /// In quotes, `^` and `&` are characters like others.
    is_quoted: bool,
}

impl Passed<'_> {
    fn next(&mut self) -> Option<char> {
        let (_, char) = self.chars.next()?;
        match char {
            '"' => self.is_quoted = !self.is_quoted,
            '^' if !self.is_quoted => {
                // An escaped line end is left out. The next character is literal, even another line end.
                self.line_end();
                if self.line_end() {
                    return Some('\n');
                }
                return self.chars.next().map(|(_, char)| char);
            }
            '\n' => return None,
            '\r' if self.line_end() => return None,
            '&' | '|' if !self.is_quoted => return None,
            _ => {}
        }
        Some(char)
    }

    fn line_end(&mut self) -> bool {
        self.chars.next_if(|(_, char)| *char == '\r');
        self.chars.next_if(|(_, char)| *char == '\n').is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_that_the_writers_meant() {
        for (text, expected) in [
            (r#"curl --url ^"https://a.example/^" ^"#, &["curl", "--url", "https://a.example/"][..]),
            ("a ^\n  -X ^\"PUT^\" ^\r\n  b", &["a", "-X", "PUT", "b"]),
            (r#"^"^\^"a^\^", ^\^\ 100%^25 ^& ^^^""#, &[r#""a", \ 100%25 & ^"#]),
            ("^\"one^\n\ntwo^\r\n\r\nthree^\"", &["one\ntwo\nthree"]),
            (r#""a ""quoted"" & ^ word" -X PUT"#, &[r#"a "quoted" & ^ word"#, "-X", "PUT"]),
            (r#"^"^ ^" """#, &[" ", ""]),
            (r#""C:\dir\file" "\\""#, &[r"C:\dir\file", r"\"]),
        ] {
            assert_eq!(words(text).unwrap().0, expected, "{text}");
        }
    }

    #[test]
    fn a_quote_without_end_is_not_a_command() {
        for text in ["a ^\"b", "a \"b", "a ^\"b\r\nc^\"", "a ^\"b^"] {
            assert_eq!(words(text), None, "{text}");
        }
    }

    #[test]
    fn a_command_ends_where_another_begins() {
        for (text, rest) in [
            ("a ^\"b^&c^\" &\r\ncurl", "\r\ncurl"),
            ("a\nb", "b"),
            ("a ^& b\r\nc", "c"),
            ("a \"b&c\"\nd", "d"),
            ("a", ""),
            ("a ^", ""),
        ] {
            let (_, end) = words(text).unwrap();
            assert_eq!(&text[end..], rest, "{text}");
        }
    }
}
