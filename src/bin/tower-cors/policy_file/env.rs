//! Variables: a `.env` file, with places, or those of this process.

use std::cell::Cell;
use std::io::{self, Read};
use std::ops::Range;

use super::node::{Entry, Key, Node, Value};
use super::syntax::SyntaxError;

/// Replaces each `$` while the text is parsed. The parser would insert the variables of this process, which is not the process of
/// the file; they might be secrets, and a few lines of `A=$A$A` would fill the memory.
const VARIABLE: char = '\u{ffff}';

/// Reads the variables with a prefix as the fields of a policy: `CORS_ALLOW_ORIGINS` as `allow_origins`.
pub(super) fn parse(text: &str, prefix: &str) -> Result<Node, SyntaxError> {
    let unexpanded = unexpanded(text);
    let read = Cell::new(0);
    let mut ends = text.split_inclusive('\n').scan(0, |end, line| {
        *end += line.len();
        Some(*end)
    });
    let mut entries = Vec::new();
    let (mut start, mut lines) = (0, 0);
    for variable in dotenvy::from_read_iter(LineByLine::new(&unexpanded, &read)) {
        // A value may have several lines. All lines until now belong to this variable or to none.
        let count = read.get() - lines;
        lines += count;
        let end = count.checked_sub(1).and_then(|more| ends.nth(more)).unwrap_or(text.len());
        let range = skip_comments(text, start..end);
        start = end;
        let (name, value) = variable.map_err(|_| SyntaxError::new(text, range.clone(), NOT_A_VARIABLE))?;
        let Some(field) = field(&name, prefix) else { continue };
        let value = if is_literal(text, &range) { value.replace(VARIABLE, "$") } else { value };
        let (key, place) = places(text, range, &name, &value);
        if value.contains(VARIABLE) {
            return Err(SyntaxError::new(text, place, HAS_VARIABLE));
        }
        entries.push(Entry {
            key: Key { range: key, name: field },
            value: Node::new(place, Value::Text(value)).into(),
        });
    }
    Ok(Node::new(0..text.len(), Value::Table(entries)))
}

const NOT_A_VARIABLE: &str =
    "not a variable of the form `NAME=value`. Put quotes around a value that contains white space or `#`";

const HAS_VARIABLE: &str = "this value contains a `$`, and its meaning depends on where the program runs. Write the value out, or \
                            check the environment itself with `--env`";

/// Reads the variables of this process, and writes them as a text, so they have places too.
pub(super) fn of_process(prefix: &str) -> (String, Node) {
    let variables = std::env::vars_os().filter_map(|(name, value)| {
        let name = name.into_string().ok()?;
        Some((field(&name, prefix)?, name, value.to_string_lossy().into_owned()))
    });
    let mut variables: Vec<_> = variables.collect();
    variables.sort();
    let mut text = String::new();
    let mut entries = Vec::new();
    for (field, name, value) in variables {
        let start = text.len();
        text += &name;
        let key = Key { range: start..text.len(), name: field };
        text.push('=');
        let start = text.len();
        text += &value;
        let value = Node::new(start..text.len(), Value::Text(value));
        text.push('\n');
        entries.push(Entry { key, value: value.into() });
    }
    let node = Node::new(0..text.len(), Value::Table(entries));
    (text, node)
}

/// The field for a variable. The crates that read variables accept either case.
fn field(name: &str, prefix: &str) -> Option<String> {
    let (start, field) = name.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then(|| field.to_ascii_lowercase())
}

/// The text with a `*` for each byte after the `=` of lines that are not the policy's. If a `.env` cannot be read, the line that
/// is shown may contain a password, and CI logs are kept.
pub(super) fn without_secrets(text: &str, prefix: &str) -> String {
    let hidden = |rest: &str| -> String {
        let hide =
            |char: char| if char.is_whitespace() { char.to_string() } else { "*".repeat(char.len_utf8()) };
        rest.chars().map(hide).collect()
    };
    let lines = text.split_inclusive('\n').map(|line| {
        let (name, value) = line.split_at(line.find('=').map_or(0, |at| at + 1));
        let variable = name.trim_start().trim_start_matches("export ").trim();
        if field(variable, prefix).is_some() { line.to_owned() } else { format!("{name}{}", hidden(value)) }
    });
    lines.collect()
}

/// The text with [`VARIABLE`] for each `$` that no backslash escapes.
fn unexpanded(text: &str) -> String {
    let mut unexpanded = String::with_capacity(text.len());
    let mut is_escaped = false;
    for char in text.chars() {
        unexpanded.push(if char == '$' && !is_escaped { VARIABLE } else { char });
        is_escaped = char == '\\' && !is_escaped;
    }
    unexpanded
}

/// Reads one line at a time, whatever the size of the reader's buffer, to know the lines of each variable.
struct LineByLine<'t, 'c> {
    line: &'t [u8],
    rest: std::str::SplitInclusive<'t, char>,
    read: &'c Cell<usize>,
}

impl<'t, 'c> LineByLine<'t, 'c> {
    fn new(text: &'t str, read: &'c Cell<usize>) -> Self {
        Self { line: &[], rest: text.split_inclusive('\n'), read }
    }
}

impl Read for LineByLine<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.line.is_empty() {
            let Some(line) = self.rest.next() else { return Ok(0) };
            self.line = line.as_bytes();
            self.read.set(self.read.get() + 1);
        }
        self.line.read(buffer)
    }
}

/// Without the lines before it that have no variable, and without white space around it.
fn skip_comments(text: &str, range: Range<usize>) -> Range<usize> {
    let is_skipped = |line: &&str| line.trim().is_empty() || line.trim_start().starts_with('#');
    let skipped: usize = text[range.clone()].split_inclusive('\n').take_while(is_skipped).map(str::len).sum();
    trim(text, range.start + skipped..range.end)
}

fn trim(text: &str, range: Range<usize>) -> Range<usize> {
    let rest = text[range.clone()].trim_start();
    let start = range.end - rest.len();
    start..start + rest.trim_end().len()
}

/// Whether the whole value is in single quotes: then `$` has no special meaning.
fn is_literal(text: &str, range: &Range<usize>) -> bool {
    let value = text[range.clone()].split_once('=').map(|(_, value)| value.trim());
    let quoted = value.and_then(|value| value.strip_prefix('\'')?.strip_suffix('\''));
    quoted.is_some_and(|value| !value.contains('\''))
}

/// The places of a variable's name and of its value.
fn places(text: &str, range: Range<usize>, name: &str, value: &str) -> (Range<usize>, Range<usize>) {
    let equals = text[range.clone()].find('=').map_or(range.end, |at| range.start + at);
    let key = trim(text, range.start..equals);
    // An `export` may come before it.
    let key = key.end.saturating_sub(name.len()).max(key.start)..key.end;
    let written = trim(text, (equals + 1).min(range.end)..range.end);
    // Without the quotes around it, and a comment after it.
    let place = match text[written.clone()].find(value) {
        Some(at) if !value.is_empty() => written.start + at..written.start + at + value.len(),
        _ => written,
    };
    (key, place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_is_found_in_its_lines() {
        let text = "# CORS_A=0\r\n\r\nCORS_A=1\r\n  export  CORS_B = 'two\nlines # of it\n' # end\nX=\"\nCORS_C=3\n\"\n\
                    CORS_D=\nexport=4\nCORS_E=a\\ b\n\tCORS_F=\"=\"";
        let node = parse(text, "CORS_").expect("variables");
        let Value::Table(entries) = node.value else { panic!("a table") };
        let found = entries.iter().map(|entry| {
            let Value::Text(value) = &entry.value.value else { panic!("a text") };
            (
                entry.key.name.as_str(),
                &text[entry.key.range.clone()],
                value.as_str(),
                &text[entry.value.range.clone()],
            )
        });
        let expected = [
            ("a", "CORS_A", "1", "1"),
            ("b", "CORS_B", "two\nlines # of it\n", "two\nlines # of it\n"),
            ("d", "CORS_D", "", ""),
            ("e", "CORS_E", "a b", "a\\ b"),
            ("f", "CORS_F", "=", "="),
        ];
        assert_eq!(found.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn only_the_lines_of_the_policy_have_values() {
        for (text, expected) in [
            ("CORS_A=b c\nPASSWORD=p w\r\n", "CORS_A=b c\nPASSWORD=* *\r\n"),
            ("export cors_a=ü\n export KEY=ü=x", "export cors_a=ü\n export KEY=****"),
            ("MIIEvQ\n", "******\n"),
            ("", ""),
        ] {
            assert_eq!(without_secrets(text, "CORS_"), expected);
        }
    }

    #[test]
    fn what_is_not_a_variable_is_found_in_its_line() {
        for (text, line) in [
            ("A=1\n# b\nb c\nD=1", "b c"),
            ("A=1\nB=two words", "B=two words"),
            ("A=1\nB='open\n\n", "B='open"),
            ("A=1\n=2\n", "=2"),
        ] {
            let error = parse(text, "CORS_").expect_err(text);
            assert_eq!((&text[error.range], error.message.as_str()), (line, NOT_A_VARIABLE));
        }
    }
}
