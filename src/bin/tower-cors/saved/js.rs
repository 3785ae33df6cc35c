//! JavaScript literals, as developer tools and people write them in the arguments of `fetch`: strings in any quotes, numbers, objects,
//! arrays and a few words. Anything else, such as a variable, is an error.

/// How deeply literals can be nested. Headers in arrays need three levels.
const MAX_DEPTH: usize = 32;

#[derive(Debug, PartialEq)]
pub(super) enum Literal {
    Text(String),
    List(Vec<Literal>),
    Object(Vec<(String, Literal)>),
    /// `null`, `true`, a number: a request's head does not depend on these.
    Other,
}

/// What is not supported, and where, in bytes.
#[derive(Debug, PartialEq)]
pub(super) struct Mistake {
    pub(super) at: usize,
    pub(super) what: &'static str,
}

/// Reads from the start of a text.
pub(super) struct Reader<'a> {
    text: &'a str,
    pub(super) at: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    pub(super) fn literal(&mut self) -> Result<Literal, Mistake> {
        self.nested(0)
    }

    /// Skips white space and this character, if the character is next.
    pub(super) fn take(&mut self, expected: char) -> bool {
        let is_next = self.is_next(expected);
        if is_next {
            self.at += expected.len_utf8();
        }
        is_next
    }

    pub(super) fn is_next(&mut self, expected: char) -> bool {
        self.skip_space();
        self.rest().starts_with(expected)
    }

    pub(super) fn mistake(&self, what: &'static str) -> Mistake {
        if self.rest().is_empty() {
            Mistake { at: self.at, what: "the text ends here" }
        } else {
            Mistake { at: self.at, what }
        }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn skip_space(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn nested(&mut self, depth: usize) -> Result<Literal, Mistake> {
        if depth > MAX_DEPTH {
            return Err(self.mistake("it is nested too deeply"));
        }
        self.skip_space();
        match self.rest().chars().next() {
            Some('"' | '\'' | '`') => self.text().map(Literal::Text),
            Some('{') => self.object(depth),
            Some('[') => self.list(depth),
            _ => self.word(),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Literal, Mistake> {
        self.at += 1;
        let mut fields = Vec::new();
        while !self.take('}') {
            let name = match self.rest().chars().next() {
                Some('"' | '\'') => self.text()?,
                _ => self.name(),
            };
            if name.is_empty() || !self.take(':') {
                return Err(self.mistake("a field with a name and a value is expected"));
            }
            fields.push((name, self.nested(depth + 1)?));
            if !self.take(',') && !self.rest().starts_with('}') {
                return Err(self.mistake(NOT_A_LITERAL));
            }
        }
        Ok(Literal::Object(fields))
    }

    fn list(&mut self, depth: usize) -> Result<Literal, Mistake> {
        self.at += 1;
        let mut members = Vec::new();
        while !self.take(']') {
            members.push(self.nested(depth + 1)?);
            if !self.take(',') && !self.rest().starts_with(']') {
                return Err(self.mistake(NOT_A_LITERAL));
            }
        }
        Ok(Literal::List(members))
    }

    fn word(&mut self) -> Result<Literal, Mistake> {
        let start = self.at;
        let word = self.name();
        let is_number = word.starts_with(|first: char| first.is_ascii_digit() || first == '-');
        if is_number || matches!(word.as_str(), "null" | "true" | "false" | "undefined") {
            return Ok(Literal::Other);
        }
        self.at = start;
        Err(self.mistake(NOT_A_LITERAL))
    }

    fn name(&mut self) -> String {
        let rest = self.rest();
        let is_of_name = |char: char| char.is_ascii_alphanumeric() || matches!(char, '_' | '$' | '-' | '.');
        let name = &rest[..rest.find(|char| !is_of_name(char)).unwrap_or(rest.len())];
        self.at += name.len();
        name.to_owned()
    }

    /// A string, starting at its quote.
    fn text(&mut self) -> Result<String, Mistake> {
        let mut chars = self.rest().char_indices();
        let quote = chars.next().map(|(_, quote)| quote);
        let mut units: Vec<u16> = Vec::new();
        let mut text = String::new();
        while let Some((index, char)) = chars.next() {
            let is_unicode = char == '\\' && chars.as_str().starts_with('u');
            if !units.is_empty() && !is_unicode {
                text.push_str(&String::from_utf16_lossy(&units));
                units.clear();
            }
            if Some(char) == quote {
                self.at += index + char.len_utf8();
                return Ok(text);
            }
            if char == '$' && quote == Some('`') && chars.as_str().starts_with('{') {
                self.at += index;
                return Err(self.mistake(NOT_A_LITERAL));
            }
            if char != '\\' {
                text.push(char);
                continue;
            }
            let Some((_, escaped)) = chars.next() else { break };
            match escaped {
                'u' | 'x' => {
                    let code = if escaped == 'u' { code(&mut chars) } else { digits(&mut chars, 2) };
                    let Some(code) = code else {
                        self.at += index;
                        return Err(self.mistake("the escape is not valid"));
                    };
                    // Half of a surrogate pair is a code unit, not a character.
                    match char::from_u32(code) {
                        Some(char) => units.extend_from_slice(char.encode_utf16(&mut [0; 2])),
                        None => units.extend(u16::try_from(code)),
                    }
                }
                'n' => text.push('\n'),
                'r' => text.push('\r'),
                't' => text.push('\t'),
                'b' => text.push('\u{8}'),
                'f' => text.push('\u{c}'),
                'v' => text.push('\u{b}'),
                '0' => text.push('\0'),
                // An escaped line end.
                '\n' => {}
                other => text.push(other),
            }
        }
        self.at = self.text.len();
        Err(self.mistake(""))
    }
}

const NOT_A_LITERAL: &str = "only literals are supported here, not variables or calls";

/// What follows `\u`: four digits, or some in braces.
fn code(chars: &mut std::str::CharIndices<'_>) -> Option<u32> {
    let Some(rest) = chars.as_str().strip_prefix('{') else { return digits(chars, 4) };
    // U+10FFFF has six digits.
    let count = rest.bytes().take(7).position(|byte| byte == b'}')?;
    chars.next();
    let code = digits(chars, count);
    chars.next();
    code
}

fn digits(chars: &mut std::str::CharIndices<'_>, count: usize) -> Option<u32> {
    let digits =
        chars.as_str().get(..count).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    let code = u32::from_str_radix(digits, 16).ok();
    for _ in 0..count {
        chars.next();
    }
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Literal, Mistake> {
        Reader::new(text).literal()
    }

    #[test]
    fn strings_are_read_in_all_quotes() {
        for (written, text) in [
            (r#""a""#, "a"),
            (r"'a\'b'", "a'b"),
            ("`a\nb`", "a\nb"),
            (r#""\u0021\u00e9\u{1F600}""#, "!é😀"),
            (r#""\ud83d\ude00""#, "😀"),
            (r#""\ud83dx""#, "\u{fffd}x"),
            (r#""\x41\n\/\\""#, "A\n/\\"),
            ("\"a\\\nb\"", "ab"),
        ] {
            assert_eq!(read(written), Ok(Literal::Text(text.to_owned())), "{written}");
        }
    }

    #[test]
    fn objects_and_lists_may_end_with_a_comma() {
        let text = |text: &str| Literal::Text(text.to_owned());
        let expected = Literal::Object(vec![
            ("a".to_owned(), text("1")),
            ("b-c".to_owned(), Literal::List(vec![text("2"), Literal::Other])),
        ]);
        assert_eq!(read("{ a: \"1\", 'b-c' : ['2', null,], }"), Ok(expected));
        assert_eq!(read("{}"), Ok(Literal::Object(Vec::new())));
    }

    #[test]
    fn what_is_not_a_literal_is_an_error_with_its_place() {
        let mistake = |at, what| Err(Mistake { at, what });
        assert_eq!(read("{a: token}"), mistake(4, NOT_A_LITERAL));
        assert_eq!(read("{a: JSON.stringify({})}"), mistake(4, NOT_A_LITERAL));
        assert_eq!(read("`/items/${id}`"), mistake(8, NOT_A_LITERAL));
        assert_eq!(read("{a: 'b' + c}"), mistake(8, NOT_A_LITERAL));
        assert_eq!(read("{a"), mistake(2, "the text ends here"));
        assert_eq!(read("\"a"), mistake(2, "the text ends here"));
        assert_eq!(read("\"\\u12\""), mistake(1, "the escape is not valid"));
    }

    #[test]
    fn literals_can_be_nested_so_deep_and_no_deeper() {
        let nested = |depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(read(&nested(MAX_DEPTH + 1)).is_ok());
        let too_deep = read(&nested(MAX_DEPTH + 2)).unwrap_err();
        assert_eq!(too_deep.what, "it is nested too deeply");
    }
}
