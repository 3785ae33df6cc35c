//! An explanation as a terminal shows it.

use std::fmt;

use super::{Explanation, Outcome, Step};

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.denial {
            Some(denial) => writeln!(f, "refused: {denial}")?,
            None if self.is_asked => f.write_str("allowed\n")?,
            None => f.write_str("not asked: browsers need no permission for this request\n")?,
        }
        self.steps.iter().try_for_each(|step| step.fmt(f))
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let outcome = match self.outcome {
            Outcome::Passed => "ok",
            Outcome::Failed => "FAIL",
            Outcome::Note => "note",
        };
        write!(f, "  {outcome:<4}  {}", self.title)?;
        match &self.value {
            Some(value) => writeln!(f, ": `{value}`")?,
            None => f.write_str("\n")?,
        }
        writeln!(f, "          {}", self.detail)?;
        for (index, remedy) in self.remedies.iter().enumerate() {
            writeln!(f, "          {}: {remedy}", if index == 0 { "mend" } else { "or" })?;
        }
        if self.outcome == Outcome::Failed {
            writeln!(f, "          see {}", self.standard)?;
        }
        Ok(())
    }
}
