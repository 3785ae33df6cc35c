//! Why there is no patch, and what to do instead.

use std::fmt;

use tower_cors::browser::{Blocked, InvalidRequest};
use tower_cors::{Remedy, Step};

use super::addition::Addition;
use crate::shown::shown;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Refusal {
    /// These steps fail, and no value in a list would help.
    Steps(Vec<Step>),
    /// The browser refuses the response for what no list of the policy decides.
    Blocked(Blocked),
    /// No browser sends the request, whatever a policy says.
    NeverSent(InvalidRequest),
    /// The policy does not accept what the library advises, or is not changed by it.
    NoEffect(Addition),
    /// The policy depends on the server's own origin, and the request does not name it.
    NoServer,
    /// The file is not TOML, or is written in a way that is not known here. This is what it lacks.
    ByHand { additions: Vec<Addition>, policies: usize },
}

/// Sentences, and lines of a list.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("No patch. ")?;
        match self {
            Self::Steps(steps) => {
                f.write_str("What a patch may add does not help:")?;
                steps.iter().try_for_each(|step| explain(step, f))
            }
            Self::Blocked(blocked) => {
                write!(f, "{blocked} A patch adds names to lists; it never allows credentials or `*`.")
            }
            Self::NeverSent(mistake) => write!(f, "No browser sends this request: {mistake}"),
            Self::NoEffect(Addition { field, value, .. }) => {
                write!(f, "`{}` in `{}` would not help.", shown(value), field.name())
            }
            Self::NoServer => f.write_str(
                "The policy is only for the hosts in `served_at`. Give the request's whole URL, with its host.",
            ),
            Self::ByHand { additions, policies } => {
                f.write_str("Only policies in TOML can be patched. Change this one by hand:")?;
                additions.iter().try_for_each(|Addition { policy, field, value }| {
                    write!(f, "\n- add `{}` to `{}`", shown(value), field.name())?;
                    if *policies > 1 { write!(f, " of policy {}", policy + 1) } else { Ok(()) }
                })
            }
        }
    }
}

/// What fails, and the safest remedy. Others may allow more than the request asks for.
fn explain(step: &Step, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "\n- {}", step.title())?;
    if let Some(value) = step.value() {
        write!(f, " `{value}`")?;
    }
    write!(f, ": {}", step.detail())?;
    if let [first, ..] = step.remedies() {
        write!(f, "\n  fix: {first}")?;
    }
    if step.remedies().contains(&Remedy::AllowNullOrigin) {
        f.write_str("\n  A patch never uses a `dangerously_` field.")?;
    }
    Ok(())
}
