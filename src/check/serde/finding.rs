//! The findings about a policy's text, as data.

use std::fmt;

use crate::check::Issue;
use crate::policy::{Reason, Warning};
use crate::spec::serde::{Mistake, Place};

/// With the feature `serde`. One thing that is wrong with a policy's text, or that looks like a mistake: which field, which value,
/// where, and what was probably meant.
///
/// Its `Display` is a sentence that says what to do. See [`PolicyCheck`](crate::PolicyCheck).
#[derive(Debug)]
pub struct Finding {
    found: Found,
    place: Place,
}

/// Everything that is wrong with a policy's text: unknown fields first, then field by field.
pub(crate) struct Findings(pub(crate) Vec<Found>);

pub(crate) enum Found {
    Mistake(Mistake),
    Issue(Issue),
    Warning(Warning),
}

impl Finding {
    pub(super) fn new(found: Found, place: Place) -> Self {
        Self { found, place }
    }

    /// Whether it keeps the policy from being built. Otherwise it is a [warning](crate::CorsPolicy::warnings).
    #[must_use]
    pub fn is_error(&self) -> bool {
        !matches!(self.found, Found::Warning(_))
    }

    /// A stable name, for programs: that of the [`Issue`], that of the [`Warning`], `unknown-field`, `repeated-field` or `wrong-type`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.found.kind()
    }

    /// The field that it is about, if it is about a known field.
    #[must_use]
    pub fn field(&self) -> Option<&'static str> {
        self.found.field()
    }

    /// The text that it is about, as it was given, if any: a value of a list, or the name of an unknown field. Escape it before you show
    /// it.
    #[must_use]
    pub fn value(&self) -> Option<&str> {
        self.found.value()
    }

    /// What was probably meant: a value, or the name of a field, that is accepted instead of the given one.
    #[must_use]
    pub fn suggestion(&self) -> Option<&str> {
        self.found.suggestion()
    }

    /// Its place in the text.
    #[must_use]
    pub fn place(&self) -> Place {
        self.place
    }

    pub(crate) fn found(&self) -> &Found {
        &self.found
    }
}

impl fmt::Debug for Found {
    /// Its sentence, with the quoted texts escaped and cut.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl Found {
    pub(super) fn field(&self) -> Option<&'static str> {
        match self {
            Self::Mistake(mistake) => mistake.field(),
            Self::Issue(issue) => Some(issue.field()),
            Self::Warning(warning) => Some(warning.field()),
        }
    }

    pub(super) fn value(&self) -> Option<&str> {
        match self {
            Self::Mistake(mistake) => mistake.value(),
            Self::Issue(issue) => issue.value(),
            Self::Warning(warning) => warning.value(),
        }
    }

    pub(crate) fn suggestion(&self) -> Option<&str> {
        match self {
            Self::Mistake(mistake) => mistake.suggestion(),
            Self::Issue(issue) => issue.suggestion(),
            Self::Warning(warning) => warning.suggestion(),
        }
    }

    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Mistake(mistake) => mistake.kind(),
            Self::Issue(issue) => issue.kind(),
            Self::Warning(warning) => warning.kind(),
        }
    }

    pub(super) fn is_duplicate(&self) -> bool {
        matches!(self, Self::Warning(warning) if *warning.reason() == Reason::Duplicate)
    }
}
