//! Text for a terminal: wrapped, and indented below its first word.

use std::borrow::Cow;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use textwrap::{Options, WordSplitter};

/// The longest line. CI logs show it without wrapping.
pub(crate) const WIDTH: usize = 80;

/// Below a wider label, lines begin two columns after the indent.
const WIDEST_LABEL: usize = 12;

pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
pub(crate) const DOUBTFUL: Style = AnsiColor::Yellow.on_default().bold();
pub(crate) const PLAIN: Style = Style::new();

/// Writes a paragraph after an indent and a styled label; its other lines begin below its text.
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
    let options = Options::new(WIDTH).initial_indent(&first).subsequent_indent(&rest);
    for (index, line) in wrapped(text, options).iter().enumerate() {
        match line.get(indent + label.len()..) {
            Some(behind) if index == 0 && !label.is_empty() => {
                writeln!(output, "{:indent$}{style}{label}{style:#}{behind}", "")?;
            }
            _ => writeln!(output, "{line}")?,
        }
    }
    Ok(())
}

/// Wraps a text, unless a line would then begin like a command to the CI.
pub(crate) fn wrapped<'t>(text: &'t str, options: impl Into<Options<'t>>) -> Vec<Cow<'t, str>> {
    // Users read and copy names of headers and hosts as one word.
    let mut options = options.into().word_splitter(WordSplitter::NoHyphenation);
    let lines = textwrap::wrap(text, &options);
    if !lines.iter().any(|line| line.trim_start().starts_with("::")) {
        return lines;
    }
    options.width = usize::MAX;
    textwrap::wrap(text, options)
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
    fn no_line_begins_like_a_command_to_a_ci() {
        let text = format!("{} ::error::forged", "x".repeat(70));
        assert_eq!(written(2, ("note:", PLAIN), &text), format!("  note: {text}\n"));
    }

    #[test]
    fn only_the_label_is_styled() {
        assert_eq!(written(2, ("FAIL", BAD), "a"), format!("  {BAD}FAIL{BAD:#} a\n"));
    }
}
