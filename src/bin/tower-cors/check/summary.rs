//! What was found, in a line.

use std::fmt;

use textwrap::Options;

use crate::paragraph::{WIDTH, wrapped};
use crate::policy_file::Reading;

/// How many policies of a list are described. The others are counted.
const MAX_DESCRIBED: usize = 100;

/// What the policies of a file allow, one line for each; or the number of mistakes.
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
            let sentence = format!("{verdict}: {source}: {number}{policy}");
            let lines = wrapped(&sentence, Options::new(WIDTH).subsequent_indent("  "));
            lines.iter().try_for_each(|line| writeln!(f, "{line}"))?;
        }
        match policies.len().saturating_sub(MAX_DESCRIBED) {
            0 => Ok(()),
            more => writeln!(f, "{verdict}: {source}: and {more} more policies"),
        }
    }
}
