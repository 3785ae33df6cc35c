//! What changes from one policy to another, in a line.

use std::fmt;

use crate::policy::{Changed, ChangedEntry, PolicyChange};
use crate::quoted::{Escaped, Quoted};
use crate::spec::ANY;

/// How many entries a line names. The others are counted.
pub(super) const MAX_NAMED: usize = 20;

impl fmt::Display for PolicyChange {
    /// Entries that open something come first, so a line that is cut still shows them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("no change");
        }
        let mut entries =
            self.entries().filter(ChangedEntry::opens).chain(self.entries().filter(|entry| !entry.opens()));
        for (index, entry) in entries.by_ref().take(MAX_NAMED).enumerate() {
            write!(f, "{}{entry}", if index > 0 { ", " } else { "" })?;
        }
        match entries.count() {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

impl fmt::Display for ChangedEntry<'_> {
    /// `+ https://a.example`, `- PATCH`, `+ x-request-id in expose_headers`, `max_age 600 -> 60`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, value) = match self.what() {
            Changed::Added(value) => ("+", value),
            Changed::Removed(value) => ("-", value),
            Changed::Set { before, after } => {
                let [before, after] = [before, after].map(|value| value.as_deref().unwrap_or("unset"));
                return write!(f, "{} {before} -> {after}", self.field());
            }
        };
        // An expression may contain text that looks like the next entry.
        if self.field() == "allow_origin_regexes" {
            write!(f, "{sign} {}", Quoted(value))?;
        } else {
            write!(f, "{sign} {}", Escaped(value))?;
        }
        // An origin or a method shows by itself which list it is in.
        let is_plain = matches!(self.field(), "allow_origins" | "allow_methods") && *value != ANY;
        if is_plain { Ok(()) } else { write!(f, " in {}", self.field()) }
    }
}
