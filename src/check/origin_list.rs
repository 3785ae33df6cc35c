//! Compiles a list of origins, each once.

use super::issue::{Issue, Problem};
use super::warnings::MAX_KEPT;
use crate::origin::{OriginSet, Pattern};
use crate::policy::{Reason, Warning};

pub(super) struct OriginList {
    field: &'static str,
    set: OriginSet,
    is_full: bool,
}

impl OriginList {
    pub(super) fn with_room_for(count: usize, field: &'static str) -> Self {
        let mut set = OriginSet::default();
        set.reserve(count);
        Self { field, set, is_full: false }
    }

    pub(super) fn add(&mut self, text: &str, pattern: &Pattern<'_>, warnings: &mut Vec<Warning>) {
        let count = self.set.len();
        self.is_full |= self.set.insert(text, pattern).is_err();
        if self.set.len() == count && warnings.len() < MAX_KEPT {
            warnings.push(Warning::about(self.field, text, Reason::Duplicate));
        }
    }

    pub(super) fn finish(mut self, issues: &mut Vec<Issue>) -> OriginSet {
        self.set.shrink_to_fit();
        if self.is_full {
            issues.push(Issue::of(self.field, Problem::TooManyOrigins));
        }
        self.set
    }
}
