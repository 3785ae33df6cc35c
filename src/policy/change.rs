//! An entry or a value that differs between two policies, as data.

use std::borrow::Cow;

/// An entry that a list gains or loses, or a value that changes: one part of a [`PolicyChange`](super::PolicyChange).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedEntry<'c> {
    field: &'static str,
    what: Changed<'c>,
    effect: Effect,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Changed<'c> {
    /// An entry of a list.
    Added(&'c str),
    Removed(&'c str),
    /// A value, which may be unset.
    Set {
        before: Option<Cow<'c, str>>,
        after: Option<Cow<'c, str>>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    Opens,
    Closes,
    /// Other headers are sent, but the same requests are allowed.
    Neither,
}

impl<'c> ChangedEntry<'c> {
    pub(super) fn new(field: &'static str, what: Changed<'c>, effect: Effect) -> Self {
        Self { field, what, effect }
    }

    /// The builder's method, which is also the field of a configuration file. For a predicate it is `allow_origin_if`.
    #[must_use]
    pub fn field(&self) -> &'static str {
        self.field
    }

    /// The entry that is removed from a list, or the old value. `None` if an entry is added, or if the value was not set.
    #[must_use]
    pub fn before(&self) -> Option<&str> {
        match &self.what {
            Changed::Added(_) => None,
            Changed::Removed(value) => Some(value),
            Changed::Set { before, .. } => before.as_deref(),
        }
    }

    /// The entry that is added to a list, or the new value. `None` if an entry is removed, or if the value is no longer set.
    #[must_use]
    pub fn after(&self) -> Option<&str> {
        match &self.what {
            Changed::Added(value) => Some(value),
            Changed::Removed(_) => None,
            Changed::Set { after, .. } => after.as_deref(),
        }
    }

    /// Whether this may allow a request that was refused before, or let a page read more of a response.
    #[must_use]
    pub fn opens(&self) -> bool {
        self.effect == Effect::Opens
    }

    /// Whether this may refuse a request that was allowed before, or let a page read less of a response.
    #[must_use]
    pub fn closes(&self) -> bool {
        self.effect == Effect::Closes
    }

    pub(crate) fn what(&self) -> &Changed<'c> {
        &self.what
    }
}
