//! Remembers names.

use std::collections::HashSet;

/// One set for names of every kind: a set for each type would make every program larger.
#[derive(Default)]
pub(crate) struct Seen(HashSet<String>);

impl Seen {
    /// Whether this is the first time for the name.
    pub(crate) fn is_new(&mut self, name: &str) -> bool {
        self.0.insert(name.to_owned())
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains(name)
    }
}
