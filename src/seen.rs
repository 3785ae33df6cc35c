//! Which names were seen.

use std::collections::BTreeSet;

/// One set for names of every kind: a set of each type would be in every program.
#[derive(Default)]
pub(crate) struct Seen(BTreeSet<String>);

impl Seen {
    /// Whether it is seen for the first time.
    pub(crate) fn is_new(&mut self, name: &str) -> bool {
        self.0.insert(name.to_owned())
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains(name)
    }
}
