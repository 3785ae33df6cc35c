//! What is wrong with a policy's text, before anybody asks what the policy would allow.

use super::value::Wrong;

/// One thing that could not be read.
pub(crate) enum Mistake {
    /// No field has this name.
    UnknownField { name: String, meant: Option<&'static str> },
    /// The field is given a second time.
    Repeated(&'static str),
    /// The value, or an element of the list, is not of the field's type.
    Value { field: &'static str, wrong: Wrong },
}

impl Mistake {
    /// The field that it is about, where there is such a field.
    pub(crate) fn field(&self) -> Option<&'static str> {
        match self {
            Self::UnknownField { .. } => None,
            Self::Repeated(field) | Self::Value { field, .. } => Some(field),
        }
    }
}

/// Every mistake in a builder's text.
pub(crate) struct Mistakes(pub(crate) Vec<Mistake>);
