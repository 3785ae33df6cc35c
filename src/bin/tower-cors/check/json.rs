//! The findings for programs.

use std::io::{self, Write};

use serde::Serialize;
use tower_cors::CorsPolicy;

use super::against::{Change, Comparison};
use crate::policy_file::{Position, Positions, Reading, Source, Told};

/// All files, in the order of the arguments.
#[derive(Default, Serialize)]
pub(super) struct Document {
    files: Vec<Checked>,
    /// The files that could not be read, one sentence each.
    failures: Vec<String>,
}

#[derive(Serialize)]
struct Checked {
    /// As it was given; `null` for the environment.
    file: Option<String>,
    format: &'static str,
    /// Whether the text is valid in its format. If not, its one finding says why.
    readable: bool,
    errors: usize,
    warnings: usize,
    /// What each policy allows, if there is no error.
    policies: Vec<String>,
    findings: Vec<Finding>,
    /// How many more findings there are.
    left_out: usize,
    /// With `--against`, if there is no error.
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<Change>,
}

#[derive(Serialize)]
struct Finding {
    severity: &'static str,
    kind: &'static str,
    /// Which policy of a list, counted from 0.
    policy: Option<usize>,
    field: Option<&'static str>,
    value: Option<String>,
    message: String,
    suggestion: Option<String>,
    start: Point,
    end: Point,
}

/// Lines and columns are counted from 1, columns in characters; the offset in bytes, from 0, after a byte order mark.
#[derive(Serialize)]
struct Point {
    line: usize,
    column: usize,
    offset: usize,
}

impl Document {
    pub(super) fn add(&mut self, reading: &Reading, comparison: Option<&Comparison>) {
        let mut positions = Positions::new(&reading.text);
        self.files.push(Checked {
            file: match &reading.source {
                Source::File(name) => Some(name.clone()),
                Source::Environment => None,
            },
            format: reading.format.name(),
            readable: reading.is_readable,
            errors: reading.errors,
            warnings: reading.warnings,
            policies: reading.policies.iter().map(CorsPolicy::to_string).collect(),
            findings: reading.told.iter().map(|told| Finding::new(told, &mut positions)).collect(),
            left_out: (reading.errors + reading.warnings).saturating_sub(reading.told.len()),
            change: comparison.map(Change::from),
        });
    }

    pub(super) fn add_failure(&mut self, failure: &str) {
        self.failures.push(failure.to_owned());
    }

    pub(super) fn write(&self, output: &mut impl Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *output, self)?;
        writeln!(output)
    }
}

impl Finding {
    fn new(told: &Told, positions: &mut Positions<'_>) -> Self {
        let (start, end) = positions.of(&told.range);
        let point = |Position { line, column }, offset| Point { line, column, offset };
        Self {
            severity: if told.is_error { "error" } else { "warning" },
            kind: told.kind,
            policy: told.policy,
            field: told.field,
            value: told.value.clone(),
            message: told.message.clone(),
            suggestion: told.suggestion.clone(),
            start: point(start, told.range.start),
            end: point(end, told.range.end),
        }
    }
}
