//! What was found, in a line.

use std::fmt;

use crate::policy_file::{Reading, wrapped};

/// How many policies of a list are described. The others are counted.
const MAX_DESCRIBED: usize = 100;

const WIDTH: usize = 80;

/// What the policies of a file allow, a line for each; or how much is wrong with it.
pub(super) struct Summary<'r>(pub(super) &'r Reading);

impl fmt::Display for Summary<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Reading { source, policies, errors, warnings, is_readable, .. } = self.0;
        let counts = self.0.counts();
        if !is_readable {
            return writeln!(f, "unreadable: {source}: {}", self.0.refusal());
        }
        if *errors > 0 {
            return writeln!(f, "invalid: {source}: {counts}");
        }
        let verdict = if *warnings > 0 { format!("valid, with {counts}") } else { "valid".to_owned() };
        for (index, policy) in policies.iter().take(MAX_DESCRIBED).enumerate() {
            let number = if policies.len() > 1 { format!("policy {}: ", index + 1) } else { String::new() };
            let line = wrapped(&format!("{verdict}: {source}: {number}{policy}"), WIDTH - INDENT.len());
            writeln!(f, "{}", line.replace('\n', &format!("\n{INDENT}")))?;
        }
        match policies.len().saturating_sub(MAX_DESCRIBED) {
            0 => Ok(()),
            more => writeln!(f, "{verdict}: {source}: and {more} more policies"),
        }
    }
}

const INDENT: &str = "  ";
