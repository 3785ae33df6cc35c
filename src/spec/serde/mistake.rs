//! What is wrong with a policy's text: names and types, before the policy itself is checked.

use super::value::Wrong;

/// One thing that could not be read.
pub(crate) struct Mistake {
    pub(crate) what: Misread,
    pub(crate) place: Place,
}

pub(crate) enum Misread {
    /// No field has this name.
    UnknownField { name: String, meant: Option<&'static str> },
    /// The field is given a second time.
    Repeated(&'static str),
    /// The value, or an element of the list, is not of the field's type.
    Value { field: &'static str, wrong: Wrong },
}

/// A place in a policy's text. Entries are counted from 0, in the order in which the format yields them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Place {
    /// The policy as a whole, for instance if a field is missing.
    Policy,
    /// The name of a field.
    Name {
        /// Which entry of the policy.
        entry: usize,
    },
    /// The value of a field.
    Value {
        /// Which entry of the policy.
        entry: usize,
    },
    /// An element of a list; or, if the value is one string, a part of it between commas.
    Element {
        /// Which entry of the policy.
        entry: usize,
        /// Which element or part, counted from 0.
        element: usize,
    },
}

impl Mistake {
    pub(super) fn new(what: Misread, place: Place) -> Self {
        Self { what, place }
    }

    /// The field that it is about, if it is about a known field.
    pub(crate) fn field(&self) -> Option<&'static str> {
        match self.what {
            Misread::UnknownField { .. } => None,
            Misread::Repeated(field) | Misread::Value { field, .. } => Some(field),
        }
    }

    /// The name or the text that it is about.
    pub(crate) fn value(&self) -> Option<&str> {
        match &self.what {
            Misread::UnknownField { name, .. } => Some(name),
            Misread::Repeated(_) => None,
            Misread::Value { wrong, .. } => wrong.found.as_text(),
        }
    }

    /// The field that was meant.
    pub(crate) fn suggestion(&self) -> Option<&'static str> {
        match self.what {
            Misread::UnknownField { meant, .. } => meant,
            Misread::Repeated(_) | Misread::Value { .. } => None,
        }
    }

    /// A stable name, for programs.
    pub(crate) fn kind(&self) -> &'static str {
        match self.what {
            Misread::UnknownField { .. } => "unknown-field",
            Misread::Repeated(_) => "repeated-field",
            Misread::Value { .. } => "wrong-type",
        }
    }
}

/// Every mistake in a builder's text.
pub(crate) struct Mistakes(pub(crate) Vec<Mistake>);
