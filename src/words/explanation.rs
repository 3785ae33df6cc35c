//! An explanation as a terminal shows it.

use std::fmt;

use crate::explain::{Explanation, Step};
use crate::protocol::Outcome;

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.denial() {
            Some(denial) => writeln!(f, "refused: {denial}")?,
            None if self.concerns_cors() => f.write_str("allowed\n")?,
            None => f.write_str("CORS does not apply to this request\n")?,
        }
        self.steps().iter().try_for_each(|step| step.fmt(f))
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let outcome = match self.outcome() {
            Outcome::Passed => "ok",
            Outcome::Failed => "FAIL",
            Outcome::Note => "note",
        };
        write!(f, "  {outcome:<4}  {}", self.title())?;
        match self.value() {
            Some(value) => writeln!(f, ": `{value}`")?,
            None => f.write_str("\n")?,
        }
        writeln!(f, "          {}", self.fact())?;
        for (index, remedy) in self.remedies().iter().enumerate() {
            writeln!(f, "          {}: {remedy}", if index == 0 { "fix" } else { "or" })?;
        }
        if self.outcome() == Outcome::Failed {
            writeln!(f, "          see {}", self.standard())?;
        }
        Ok(())
    }
}
