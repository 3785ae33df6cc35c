//! Findings for people, as compilers show them.

use std::fmt::{self, Write as _};

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use anstyle::{AnsiColor, Effects, Style};

use super::position::{Position, Positions, fit_to_show};
use super::reading::{Reading, Source};
use super::told::Told;
use crate::paragraph::{WIDTH, wrapped};

/// All findings of a text.
pub(crate) struct Report<'r>(pub(crate) &'r Reading);

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Reading { source, text, told, errors, warnings, .. } = self.0;
        let mut positions = Positions::new(text);
        for told in told {
            writeln!(f, "{}\n", shown(source, told, &mut positions))?;
        }
        match (errors + warnings).saturating_sub(told.len()) {
            0 => Ok(()),
            more => writeln!(f, "... and {more} more\n"),
        }
    }
}

fn shown(source: &Source, told: &Told, positions: &mut Positions<'_>) -> String {
    let excerpt = positions.excerpt(&told.range);
    let Position { line, column } = excerpt.position;
    let (level, label) = if told.is_error { (Level::ERROR, "error") } else { (Level::WARNING, "warning") };
    let title = wrapped(&told.message, WIDTH - label.len() - told.kind.len() - "[]: ".len()).join("\n");
    let title = Group::with_title(level.clone().primary_title(title).id(told.kind));
    let annotation = AnnotationKind::Primary.span(excerpt.marked);
    let snippet = Snippet::source(excerpt.line).line_start(line).annotation(annotation);
    let digits = line.to_string().len();
    let mut shown = Group::with_level(level).element(snippet);
    if let Some(help) = &told.help {
        let gutter = digits + " = help: ".len();
        shown = shown.element(Level::HELP.message(wrapped(help, WIDTH - gutter).join("\n")));
    }
    let renderer = Renderer::styled().term_width(WIDTH);
    let (title, shown) = (renderer.render(&[title]), renderer.render(&[shown]));
    // The renderer would count the columns of the excerpt.
    format!("{title}\n{:digits$}{ARROW}-->{ARROW:#} {source}:{line}:{column}\n{shown}", "")
}

/// As the renderer has it.
const ARROW: Style = AnsiColor::BrightBlue.on_default().effects(Effects::BOLD);

impl fmt::Display for Source {
    /// Without characters that a terminal would interpret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(name) if self.is_named() => {
                name.chars().try_for_each(|char| f.write_char(fit_to_show(char)))
            }
            Self::File(_) => f.write_str("<stdin>"),
            Self::Environment => f.write_str("<environment>"),
        }
    }
}
