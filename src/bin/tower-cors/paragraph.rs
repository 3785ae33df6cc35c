//! Text for a terminal: wrapped, and indented below its first word.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use textwrap::{Options, WordSplitter};

/// The longest line. A log of CI shows it whole.
const WIDTH: usize = 80;

/// Below a wider one, lines begin two columns behind the indent.
const WIDEST_LABEL: usize = 12;

pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
pub(crate) const DOUBTFUL: Style = AnsiColor::Yellow.on_default().bold();
pub(crate) const PLAIN: Style = Style::new();

/// Writes a paragraph behind an indent and a styled label; its other lines begin below its text.
pub(crate) fn paragraph(
    output: &mut impl Write,
    indent: usize,
    (label, style): (&str, Style),
    text: &str,
) -> io::Result<()> {
    let gap = if label.is_empty() { "" } else { " " };
    let first = format!("{:indent$}{label}{gap}", "");
    // Below the text, unless the label takes too much room.
    let hang = if label.len() > WIDEST_LABEL { indent + 2 } else { first.len() };
    let rest = " ".repeat(hang);
    let options = Options::new(WIDTH)
        .initial_indent(&first)
        .subsequent_indent(&rest)
        .word_splitter(WordSplitter::NoHyphenation);
    for (index, line) in textwrap::wrap(text, options).iter().enumerate() {
        match line.get(indent + label.len()..) {
            Some(behind) if index == 0 && !label.is_empty() => {
                writeln!(output, "{:indent$}{style}{label}{style:#}{behind}", "")?;
            }
            _ => writeln!(output, "{line}")?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(indent: usize, label: (&str, Style), text: &str) -> String {
        let mut output = Vec::new();
        paragraph(&mut output, indent, label, text).expect("memory");
        String::from_utf8(output).expect("text")
    }

    #[test]
    fn lines_hang_below_the_text_and_are_80_columns_at_most() {
        let word = "access-control-allow-origin ";
        assert_eq!(
            written(2, ("fix:", PLAIN), word.repeat(4).trim_end()),
            "  fix: access-control-allow-origin access-control-allow-origin\n       \
             access-control-allow-origin access-control-allow-origin\n"
        );
        assert_eq!(written(4, ("", PLAIN), "a b"), "    a b\n");
        let long = written(2, ("ok", PLAIN), &"x".repeat(200));
        assert!(long.lines().all(|line| line.len() <= WIDTH), "{long}");
        assert_eq!(long.matches('x').count(), 200);
    }

    #[test]
    fn only_the_label_is_styled() {
        assert_eq!(written(2, ("FAIL", BAD), "a"), format!("  {BAD}FAIL{BAD:#} a\n"));
    }
}
