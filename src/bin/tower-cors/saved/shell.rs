//! The words of a command, as a POSIX shell reads them, with the `$'...'` of bash and zsh.
//!
//! Both browsers quote with `'`, and write `$'...'` where a text has line ends, `!`, or characters that are not ASCII.

use std::iter::Peekable;
use std::str::CharIndices;

/// Reads the words of the first command of a text, and how many bytes it has, with what ends it.
///
/// Redirections are left out: `2>&1`, `> file`. `None`: a quote has no end.
pub(super) fn words(text: &str) -> Option<(Vec<String>, usize)> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = text.char_indices().peekable();
    // The next word is a file's name.
    let mut is_redirected = false;
    let mut end = text.len();
    while let Some((index, char)) = chars.next() {
        match char {
            '\\' => match chars.next() {
                Some((_, '\n')) | None => {}
                // Also with Windows line ends.
                Some((_, '\r')) if chars.peek().is_some_and(|(_, next)| *next == '\n') => drop(chars.next()),
                Some((_, escaped)) => word.get_or_insert_default().push(escaped),
            },
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match chars.next()?.1 {
                        '\'' => break,
                        char => word.push(char),
                    }
                }
            }
            '"' => in_double_quotes(&mut chars, word.get_or_insert_default())?,
            '$' if chars.next_if(|(_, next)| *next == '\'').is_some() => {
                in_ansi_c_quotes(&mut chars, word.get_or_insert_default())?;
            }
            // The locale's translation of `$"..."` is the text itself.
            '$' if chars.peek().is_some_and(|(_, next)| *next == '"') => {}
            '\n' | ';' | '|' | '&' => {
                end = index + 1;
                break;
            }
            '>' | '<' => {
                // The number of `2>` is not a word of the command.
                if let Some(before) =
                    word.take().filter(|word| !word.bytes().all(|byte| byte.is_ascii_digit()))
                {
                    words.push(before);
                }
                while chars.next_if(|(_, next)| matches!(next, '>' | '<' | '&')).is_some() {}
                is_redirected = true;
            }
            char if char.is_whitespace() => {
                if let Some(word) = word.take() {
                    if !std::mem::take(&mut is_redirected) {
                        words.push(word);
                    }
                }
            }
            char => word.get_or_insert_default().push(char),
        }
    }
    words.extend(word.filter(|_| !is_redirected));
    Some((words, end))
}

fn in_double_quotes(chars: &mut impl Iterator<Item = (usize, char)>, word: &mut String) -> Option<()> {
    loop {
        match chars.next()?.1 {
            '"' => return Some(()),
            '\\' => match chars.next()?.1 {
                '\n' => {}
                escaped @ ('"' | '\\' | '$' | '`') => word.push(escaped),
                other => word.extend(['\\', other]),
            },
            char => word.push(char),
        }
    }
}

/// Bash, "ANSI-C Quoting". An unknown escape does not change.
fn in_ansi_c_quotes(chars: &mut Peekable<CharIndices<'_>>, word: &mut String) -> Option<()> {
    // Bytes, as `\x` names one of them: `\xc3\xa9` is `é`. Halves of a pair are two `\u`.
    let mut bytes = Vec::new();
    let mut half: Option<u32> = None;
    loop {
        let (_, char) = chars.next()?;
        if char == '\'' {
            word.push_str(&String::from_utf8_lossy(&bytes));
            return Some(());
        }
        let escaped = if char == '\\' { Some(chars.next()?.1) } else { None };
        let first = half.take();
        match (char, escaped) {
            ('\\', Some(kind @ ('u' | 'U' | 'x' | '0'..='7'))) => {
                let (radix, most) = match kind {
                    'u' => (16, 4),
                    'U' => (16, 8),
                    'x' => (16, 2),
                    _ => (8, 2),
                };
                let mut code = kind.to_digit(8);
                for _ in 0..most {
                    let Some((_, digit)) = chars.next_if(|(_, next)| next.is_digit(radix)) else { break };
                    code = Some(code.unwrap_or_default() * radix + digit.to_digit(radix).unwrap_or_default());
                }
                match (kind, code) {
                    (_, None) => bytes.extend([b'\\', kind as u8]),
                    ('u' | 'U', Some(code @ 0xd800..=0xdbff)) => half = Some(code),
                    ('u' | 'U', Some(code @ 0xdc00..=0xdfff)) => {
                        let pair = first.map(|first| 0x10000 + ((first - 0xd800) << 10) + (code - 0xdc00));
                        push(
                            &mut bytes,
                            pair.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER),
                        );
                    }
                    ('u' | 'U', Some(code)) => {
                        push(&mut bytes, char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                    }
                    // Three octal digits can be more than a byte.
                    (_, Some(code)) => bytes.push(code.to_le_bytes()[0]),
                }
            }
            ('\\', Some(escaped)) => match escaped {
                'a' => bytes.push(0x7),
                'b' => bytes.push(0x8),
                'e' | 'E' => bytes.push(0x1b),
                'f' => bytes.push(0xc),
                'n' => bytes.push(b'\n'),
                'r' => bytes.push(b'\r'),
                't' => bytes.push(b'\t'),
                'v' => bytes.push(0xb),
                '\\' | '\'' | '"' | '?' => push(&mut bytes, escaped),
                other => {
                    bytes.push(b'\\');
                    push(&mut bytes, other);
                }
            },
            (char, _) => push(&mut bytes, char),
        }
    }
}

fn push(bytes: &mut Vec<u8>, char: char) {
    bytes.extend(char.encode_utf8(&mut [0; 4]).as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_bash() {
        // Each was read back from `bash -c 'printf "%s\n" ...'`.
        for (text, expected) in [
            ("curl a b", &["curl", "a", "b"][..]),
            (r#"'a b' "c \"d\" \x $" e\ f"#, &["a b", "c \"d\" \\x $", "e f"]),
            ("a''b \"\" ''", &["ab", "", ""]),
            ("a \\\n  b", &["a", "b"]),
            ("a \\\r\n  b", &["a", "b"]),
            (r"$'a\'b' $'\u0021\x41\n\t\\' $'\101\e'", &["a'b", "!A\n\t\\", "A\u{1b}"]),
            (r"$'\ud83d\ude00 \u00e9 \xc3\xa9 é'", &["😀 é é é"]),
            (r"$'\q\u\x'", &[r"\q\u\x"]),
            ("a > /dev/null 2>&1", &["a"]),
            ("a 2>file b", &["a", "b"]),
        ] {
            assert_eq!(words(text).unwrap().0, expected, "{text}");
        }
    }

    #[test]
    fn a_quote_without_end_is_not_a_command() {
        for text in ["a '", "a 'b", "a \"b", "a \"b\\", "a $'b", "a $'b\\"] {
            assert_eq!(words(text), None, "{text}");
        }
    }

    #[test]
    fn a_command_ends_where_another_begins() {
        for (text, rest) in [
            ("a ; b", " b"),
            ("a\nb", "b"),
            ("a && b", "& b"),
            ("a | b", " b"),
            ("a ';' b", ""),
            ("a \\\n b\nc", "c"),
        ] {
            assert_eq!(&text[words(text).unwrap().1..], rest, "{text}");
        }
    }
}
