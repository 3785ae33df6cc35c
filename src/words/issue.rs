//! What is wrong with a policy.

use std::fmt;

use crate::check::{Issue, MAX_MAX_AGE, MAX_PRINTED_ISSUES, PolicyError, Problem};
use crate::preset::{self, Preset};
use crate::quoted::Quoted;

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_list(f, &self.issues)
    }
}

/// A line for each, as far as they are printed.
pub(super) fn write_list(f: &mut fmt::Formatter<'_>, issues: &[impl fmt::Display]) -> fmt::Result {
    if let [issue] = issues {
        return write!(f, "the CORS policy has an issue: {issue}");
    }
    write!(f, "the CORS policy has {} issues:", issues.len())?;
    for (index, issue) in issues.iter().take(MAX_PRINTED_ISSUES).enumerate() {
        write!(f, "\n{:2}. {issue}", index + 1)?;
    }
    match issues.len().saturating_sub(MAX_PRINTED_ISSUES) {
        0 => Ok(()),
        more => write!(f, "\n... and {more} more"),
    }
}

impl fmt::Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.field())?;
        if let Some(value) = self.value() {
            write!(f, "{} ", Quoted(value))?;
        }
        self.problem().fmt(f)?;
        match self.suggestion() {
            Some(suggestion) => write!(f, "; did you mean {}?", Quoted(suggestion)),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Problem {
    /// What follows the field, and the value where there is one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoOrigin => f.write_str(
                "no origin is allowed. List the origins of your pages, for example `https://app.example.com`, or remove the \
                 CORS layer",
            ),
            Self::Origin(problem) => problem.fmt(f),
            Self::TooManyOrigins => f.write_str("the origins are more than 4 GiB of text. Use a predicate"),
            Self::AnyOriginWithCredentials => f.write_str(
                "credentials cannot be combined with `*`: any site could read your visitors' data. List the origins that you \
                 trust",
            ),
            Self::Method(problem) => problem.fmt(f),
            Self::Header(problem) => problem.fmt(f),
            Self::MaxAge(value) => write!(
                f,
                "{} s is longer than any browser caches. Use at most {} s (a day)",
                value.as_secs(),
                MAX_MAX_AGE.as_secs()
            ),
            Self::PreflightStatus(value) => {
                write!(f, "{value} is not a success status, so every preflight would fail. Use 200 to 299")
            }
            Self::RejectsNoOrigin => {
                f.write_str("has no effect while any origin (`*`) is allowed. List origins, or turn it off")
            }
            Self::UnknownPreset => {
                let names: Vec<_> = preset::ALL.iter().copied().map(Preset::name).collect();
                let names = names.join("`, `");
                write!(f, "is not the name of a preset. The presets are `{names}`")
            }
        }
    }
}
