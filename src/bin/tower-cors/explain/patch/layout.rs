//! Where a new element of a list or of a table goes in a text, to look like those beside it.

use std::ops::Range;

/// What is inserted, and where: a byte's place in the text.
#[derive(Debug, PartialEq)]
pub(super) struct Insertion {
    pub(super) at: usize,
    pub(super) new: String,
}

/// How a string is quoted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Quotes {
    Basic,
    Literal,
}

impl Quotes {
    /// The quotes of a string as written.
    pub(super) fn of(written: &str) -> Self {
        if written.starts_with('\'') { Self::Literal } else { Self::Basic }
    }

    pub(super) fn around(self, value: &str) -> String {
        match self {
            Self::Literal if !value.contains('\'') => format!("'{value}'"),
            _ => toml_edit::Value::from(value).to_string(),
        }
    }
}

/// After an element of a list or of an inline table: on a new line if the element is on its own line, otherwise on the same line.
/// `close` is the place of the closing bracket.
pub(super) fn behind(text: &str, element: Range<usize>, close: usize, new: &str) -> Option<Vec<Insertion>> {
    let comma = comma(text.get(element.end..close)?).map(|at| element.end + at);
    let after = comma.map_or(element.end, |comma| comma + 1);
    let line = Line::around(text, after);
    let ends_line = is_blank(text.get(after..line.end)?);
    let indent = text.get(Line::around(text, element.start).start..element.start)?;
    if !indent.trim().is_empty() || comma.is_some() && !ends_line {
        return Some(vec![Insertion { at: element.end, new: format!(", {new}") }]);
    }
    let at = if ends_line { line.end } else { after };
    let new = format!("{}{indent}{new}", line.ends_with);
    Some(match comma {
        Some(_) => vec![Insertion { at, new: format!("{new},") }],
        None => vec![Insertion { at: element.end, new: ",".to_owned() }, Insertion { at, new }],
    })
}

/// As the only element of an empty list, which may have line breaks and comments.
pub(super) fn in_brackets(text: &str, brackets: Range<usize>, new: &str) -> Option<Vec<Insertion>> {
    let open = brackets.start + 1;
    let inside = text.get(open..brackets.end)?;
    let Some((above, closing)) = inside.rsplit_once('\n') else {
        return Some(vec![Insertion { at: open, new: format!("{inside}{new}") }]);
    };
    let line = Line::around(text, open + above.trim_end_matches('\r').len());
    let comment = above.lines().skip(1).find(|line| !line.trim().is_empty());
    let indent = match comment {
        Some(comment) => comment.get(..comment.len() - comment.trim_start().len())?.to_owned(),
        None => format!("{closing}    "),
    };
    Some(vec![Insertion { at: line.end, new: format!("{}{indent}{new},", line.ends_with) }])
}

/// On the line below an entry, with the same start: blanks, or the start of a dotted key.
pub(super) fn below(text: &str, entry: Range<usize>, new: &str) -> Option<Insertion> {
    let start = text.get(Line::around(text, entry.start).start..entry.start)?;
    let line = Line::around(text, entry.end);
    Some(Insertion { at: line.end, new: format!("{}{start}{new}", line.ends_with) })
}

/// How many characters of its line are before a place.
pub(super) fn column(text: &str, at: usize) -> usize {
    text.get(Line::around(text, at).start..at).map_or(0, |before| before.chars().count())
}

struct Line {
    start: usize,
    /// Before the line break.
    end: usize,
    /// Its line break, or the one of the rest of the text.
    ends_with: &'static str,
}

impl Line {
    /// `at` is on the boundary of a character.
    fn around(text: &str, at: usize) -> Self {
        let (before, after) = text.split_at(at);
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        let end = at + after.lines().next().unwrap_or_default().len();
        let rest = &text[end..];
        let has_return = rest.starts_with("\r\n") || rest.is_empty() && text.contains("\r\n");
        Self { start, end, ends_with: if has_return { "\r\n" } else { "\n" } }
    }
}

/// The first comma that is not in a comment.
fn comma(text: &str) -> Option<usize> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let code = line.split('#').next()?;
        if let Some(at) = code.find(',') {
            return Some(start + at);
        }
        start += line.len();
    }
    None
}

/// Nothing, or a comment.
fn is_blank(text: &str) -> bool {
    let text = text.trim_start();
    text.is_empty() || text.starts_with('#')
}
