//! What changes from one policy to another, as data.

use std::borrow::Cow;
use std::fmt;

use super::{CorsPolicy, difference};

/// What a change from one policy to another opens and closes: [`CorsPolicy::difference`].
///
/// Its `Display` is one line, for a log: what opens something first, and at most 20 entries.
///
/// ```
/// # use tower_cors::CorsPolicy;
/// let old = CorsPolicy::builder().allow_origin("https://app.example.com").allow_methods(["PATCH"]).build()?;
/// let new = CorsPolicy::builder()
///     .allow_origins(["https://app.example.com", "https://a.example"])
///     .expose_headers(["x-request-id"])
///     .build()?;
/// let change = old.difference(&new);
/// assert_eq!(change.to_string(), "+ https://a.example, + x-request-id in expose_headers, - PATCH");
/// assert!(change.widens());
///
/// let removed = change.entries().find(|entry| entry.closes()).expect("one is removed");
/// assert_eq!((removed.field(), removed.before(), removed.after()), ("allow_methods", Some("PATCH"), None));
/// # Ok::<(), tower_cors::PolicyError>(())
/// ```
#[derive(Clone)]
pub struct PolicyChange {
    // Two references. The entries are worked out when somebody asks: of a million origins, none is copied.
    old: CorsPolicy,
    new: CorsPolicy,
}

impl PolicyChange {
    pub(super) fn new(old: CorsPolicy, new: CorsPolicy) -> Self {
        Self { old, new }
    }

    /// Whether nothing changes: whether the two policies are equal.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries().next().is_none()
    }

    /// Whether there could be a request that the new policy allows and the old one does not, or an answer of which a page may
    /// read more: whether any of the entries [opens](ChangedEntry::opens) something.
    #[must_use]
    pub fn widens(&self) -> bool {
        self.entries().any(|entry| entry.opens())
    }

    /// Each entry of a list and each value that changes, in the order of the builder's methods. Each call compares the policies
    /// anew, in a time that grows with their size.
    pub fn entries(&self) -> impl Iterator<Item = ChangedEntry<'_>> {
        difference::entries(&self.old, &self.new)
    }
}

/// An entry of a list that comes or goes, or a value that becomes another one: a part of a [`PolicyChange`].
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

impl fmt::Debug for PolicyChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.entries()).finish()
    }
}
