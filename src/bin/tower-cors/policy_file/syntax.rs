//! A parser's message about a text that is not valid in its format.

use std::ops::Range;

#[derive(Debug)]
pub(crate) struct SyntaxError {
    /// Where, in bytes: within the text, and at the borders of characters.
    pub(crate) range: Range<usize>,
    /// What is wrong there, in the parser's words.
    pub(crate) message: String,
}

impl SyntaxError {
    /// Turns any place that a parser names into a valid place in the text.
    pub(crate) fn new(text: &str, range: Range<usize>, message: impl Into<String>) -> Self {
        let floor =
            |index: usize| (0..=index.min(text.len())).rev().find(|index| text.is_char_boundary(*index));
        let start = floor(range.start).unwrap_or(0);
        let end = floor(range.end).unwrap_or(0).max(start);
        Self { range: start..end, message: message.into() }
    }
}
