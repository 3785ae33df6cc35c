//! Why there is no patch, and what to do instead.

use std::fmt;

use tower_cors::{Remedy, Step};

use super::addition::Addition;
use super::shown;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Refusal {
    /// These steps fail, and what a patch may add helps none of them.
    Steps(Vec<Step>),
    /// The browser's own sentence about a refusal that no list of the policy causes.
    Blocked(String),
    /// What the library advises changes nothing.
    NoEffect(Addition),
    /// The policy depends on the server's own origin, and the request does not name it.
    NoServer,
    /// The file is not TOML, or is written in a way that is not known here. This is what it lacks.
    ByHand { file: String, additions: Vec<Addition>, policies: usize },
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Steps(steps) => {
                for (place, step) in steps.iter().enumerate() {
                    let separator = if place == 0 { "" } else { "\n" };
                    write!(f, "{separator}{}. ", sentence(&step.detail()))?;
                    match step.remedies() {
                        [] => {}
                        [first, ..] => write!(f, "{}.", sentence(&first.to_string()))?,
                    }
                    if step.remedies().contains(&Remedy::AllowNullOrigin) {
                        f.write_str(" A patch never uses a `dangerously_` field.")?;
                    }
                }
                Ok(())
            }
            Self::Blocked(message) => {
                write!(f, "{message} A patch adds to lists only, and never allows credentials or `*`.")
            }
            Self::NoEffect(Addition { field, value, .. }) => {
                write!(f, "{} in `{}` would not help.", shown(value), field.name())
            }
            Self::NoServer => {
                f.write_str("The policy depends on the server's origin. Give the request's whole URL, with its host.")
            }
            Self::ByHand { file, additions, policies } => {
                write!(f, "A patch cannot be made for {}, only for TOML. Add by hand:", shown(file))?;
                for Addition { policy, field, value } in additions {
                    write!(f, "\n{} to `{}`", shown(value), field.name())?;
                    if *policies > 1 {
                        write!(f, " of policy {}", policy + 1)?;
                    }
                }
                Ok(())
            }
        }
    }
}

/// The library's words begin in lower case, as a part of a line.
fn sentence(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
