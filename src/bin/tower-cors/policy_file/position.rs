//! Lines and columns, and the line itself.

use std::ops::Range;

/// How many characters of a line are shown on each side of the start of a finding.
const MAX_CONTEXT: usize = 100;

/// How many characters are underlined.
const MAX_MARKED: usize = 40;

/// A place in a text: lines and characters from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

/// Counts through a text once, for places in ascending order.
#[derive(Clone, Copy)]
pub(crate) struct Positions<'t> {
    text: &'t str,
    byte: usize,
    line_start: usize,
    at: Position,
}

/// As much of a line as is shown.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Excerpt {
    pub(crate) position: Position,
    /// Without characters that a terminal would interpret.
    pub(crate) line: String,
    /// In bytes of that text.
    pub(crate) marked: Range<usize>,
}

/// Replaces characters that a terminal would interpret, or that would change how the line reads: control characters, text direction
/// marks, and invisible characters.
pub(super) fn fit_to_show(char: char) -> char {
    match char {
        '\t' => ' ',
        '\'' | '"' | '\\' => char,
        _ if char.escape_debug().len() > 1 => '\u{fffd}',
        _ => char,
    }
}

impl<'t> Positions<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self { text, byte: 0, line_start: 0, at: Position { line: 1, column: 1 } }
    }

    /// Where something starts and ends. Call it in ascending order.
    pub(crate) fn of(&mut self, range: &Range<usize>) -> (Position, Position) {
        self.advance(range.start);
        let mut end = *self;
        end.advance(range.end);
        (self.at, end.at)
    }

    /// The line on which something starts, and its marked part.
    pub(crate) fn excerpt(&mut self, range: &Range<usize>) -> Excerpt {
        self.advance(range.start);
        let before = self.text[self.line_start..range.start].chars().rev().take(MAX_CONTEXT);
        let before: Vec<_> = before.map(fit_to_show).collect();
        let mut line: String = before.into_iter().rev().collect();
        let start = line.len();
        let mut end = start;
        for (count, (index, char)) in self.text[range.start..].char_indices().enumerate().take(MAX_CONTEXT) {
            if matches!(char, '\n' | '\r') {
                break;
            }
            line.push(fit_to_show(char));
            if range.start + index < range.end && count < MAX_MARKED {
                end = line.len();
            }
        }
        Excerpt { position: self.at, line, marked: start..end }
    }

    fn advance(&mut self, byte: usize) {
        for (index, char) in self.text[self.byte..byte.max(self.byte)].char_indices() {
            if char == '\n' {
                self.line_start = self.byte + index + 1;
                self.at = Position { line: self.at.line + 1, column: 1 };
            } else {
                self.at.column += 1;
            }
        }
        self.byte = self.byte.max(byte);
    }
}
