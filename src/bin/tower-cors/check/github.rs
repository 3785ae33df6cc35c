//! Annotations: what GitHub Actions shows beside the lines of a file.

use std::fmt::{self, Write as _};

use crate::policy_file::{Positions, Reading};

/// A workflow command for each finding: `::error file=...,line=...::message`.
pub(super) struct Annotations<'r>(pub(super) &'r Reading);

impl fmt::Display for Annotations<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut positions = Positions::new(&self.0.text);
        for told in &self.0.told {
            f.write_str(if told.is_error { "::error " } else { "::warning " })?;
            // GitHub can show lines only for a file.
            if self.0.source.is_named() {
                let (start, end) = positions.of(&told.range);
                let (line, end_line) = (start.line, end.line);
                write!(f, "file={},line={line},endLine={end_line},", Property(&self.0.source.to_string()))?;
                // GitHub accepts columns only within one line.
                if line == end_line {
                    write!(f, "col={},endColumn={},", start.column, end.column)?;
                }
            }
            write!(f, "title={}::{}", Property(told.kind), Data(&told.message))?;
            if let Some(help) = &told.help {
                write!(f, "; {}", Data(help))?;
            }
            f.write_char('\n')?;
        }
        match (self.0.errors + self.0.warnings).saturating_sub(self.0.told.len()) {
            0 => Ok(()),
            more => writeln!(f, "... and {more} more"),
        }
    }
}

/// Text after the second `::`.
pub(super) struct Data<'t>(pub(super) &'t str);

impl fmt::Display for Data<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|char| match char {
            '%' => f.write_str("%25"),
            '\r' => f.write_str("%0D"),
            '\n' => f.write_str("%0A"),
            _ => f.write_char(char),
        })
    }
}

/// The value of a property, which a comma or a colon would end.
pub(super) struct Property<'t>(pub(super) &'t str);

impl fmt::Display for Property<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let data = Data(self.0).to_string();
        data.chars().try_for_each(|char| match char {
            ':' => f.write_str("%3A"),
            ',' => f.write_str("%2C"),
            _ => f.write_char(char),
        })
    }
}
