//! An entry or a value that changes from one policy to another, as data.

use std::borrow::Cow;

/// An entry of a list that comes or goes, or a value that becomes another one: a part of a [`PolicyChange`](super::PolicyChange).
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
    /// Other headers are sent, and the same is allowed.
    Neither,
}

impl<'c> ChangedEntry<'c> {
    pub(super) fn new(field: &'static str, what: Changed<'c>, effect: Effect) -> Self {
        Self { field, what, effect }
    }

    /// The builder's method, which is also the field of a configuration file. A predicate's is `allow_origin_if`.
    #[must_use]
    pub fn field(&self) -> &'static str {
        self.field
    }

    /// What the old policy has and the new one has not: an entry of a list, or the old value. `None` of an entry that is added, and
    /// where the value was unset.
    #[must_use]
    pub fn before(&self) -> Option<&str> {
        match &self.what {
            Changed::Added(_) => None,
            Changed::Removed(value) => Some(value),
            Changed::Set { before, .. } => before.as_deref(),
        }
    }

    /// What the new policy has and the old one has not: an entry of a list, or the new value. `None` of an entry that is removed, and
    /// where the value is unset.
    #[must_use]
    pub fn after(&self) -> Option<&str> {
        match &self.what {
            Changed::Added(value) => Some(value),
            Changed::Removed(_) => None,
            Changed::Set { after, .. } => after.as_deref(),
        }
    }

    /// Whether some request may be allowed by this that was not, or more may be read of an answer.
    #[must_use]
    pub fn opens(&self) -> bool {
        self.effect == Effect::Opens
    }

    /// Whether some request may be refused by this that was not, or less may be read of an answer.
    #[must_use]
    pub fn closes(&self) -> bool {
        self.effect == Effect::Closes
    }

    pub(crate) fn what(&self) -> &Changed<'c> {
        &self.what
    }
}
