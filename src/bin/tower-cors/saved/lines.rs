//! A text by lines, each with its number.

/// Reads lines. A line ends with `\n`, `\r\n`, or a single `\r`, with which curl overwrites its progress.
#[derive(Clone, Debug)]
pub(super) struct Lines<'a> {
    text: &'a str,
    at: usize,
    /// Where the current line ends, computed once for each line, which may be read in pieces.
    end: usize,
    number: usize,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0, end: end_of_line(text, 0), number: 1 }
    }

    /// The number of the current line, from 1.
    pub(super) fn number(&self) -> usize {
        self.number
    }

    /// Whether nothing of the current line has been read yet.
    pub(super) fn is_at_start(&self) -> bool {
        self.text[..self.at].ends_with(['\n', '\r']) || self.at == 0
    }

    /// The rest of the text.
    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// The rest of the current line, without its end.
    pub(super) fn peek(&self) -> Option<&'a str> {
        (self.at < self.text.len()).then(|| &self.text[self.at..self.end])
    }

    /// Skips this number of bytes, which must end on a character boundary.
    pub(super) fn advance(&mut self, bytes: usize) {
        let target = self.at + bytes;
        while target > self.end {
            let rest = &self.text[self.end..];
            let end = self.end + if rest.starts_with("\r\n") { 2 } else { 1 };
            // An editor does not show a new line for a single `\r`.
            self.number += usize::from(self.text[..end].ends_with('\n'));
            self.at = end;
            self.end = end_of_line(self.text, end);
        }
        self.at = self.at.max(target);
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let line = self.peek()?;
        let is_last = self.end == self.text.len();
        self.advance(line.len() + usize::from(!is_last));
        Some(line)
    }
}

fn end_of_line(text: &str, start: usize) -> usize {
    text[start..].find(['\n', '\r']).map_or(text.len(), |end| start + end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_end_ends_a_line() {
        let mut lines = Lines::new("a\nb\r\n\r\nc\rd");
        let mut found = Vec::new();
        while let Some(line) = lines.peek() {
            found.push((lines.number(), line));
            lines.next();
        }
        assert_eq!(found, [(1, "a"), (2, "b"), (3, ""), (4, "c"), (4, "d")]);
        assert_eq!(Lines::new("").next(), None);
        assert_eq!(Lines::new("\n").collect::<Vec<_>>(), [""]);
    }

    #[test]
    fn a_line_can_be_left_in_its_middle() {
        let mut lines = Lines::new("abc\r\ndef\nghi");
        lines.advance(1);
        assert_eq!((lines.number(), lines.peek()), (1, Some("bc")));
        lines.advance(5);
        assert_eq!((lines.number(), lines.peek()), (2, Some("ef")));
        lines.advance(2);
        assert_eq!((lines.number(), lines.next()), (2, Some("")));
        lines.advance(3);
        assert_eq!((lines.number(), lines.peek(), lines.rest()), (3, None, ""));
    }
}
