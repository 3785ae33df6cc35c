//! Why there is no patch, and what to do instead.

use std::io::{self, Write};

use tower_cors::browser::{Blocked, InvalidRequest};
use tower_cors::{Remedy, Step};

use super::addition::Addition;
use crate::paragraph::{BAD, PLAIN, paragraph};
use crate::policy_file::Format;
use crate::shown::shown;

/// The request that prevents a patch for all of them.
#[derive(Debug)]
pub(crate) struct Refused {
    /// Its place in the text. Empty if there is only one.
    pub(super) place: String,
    pub(super) refusal: Refusal,
}

impl Refused {
    /// Writes a sentence, and below it the changes to make.
    pub(crate) fn write(&self, output: &mut impl Write) -> io::Result<()> {
        paragraph(output, 0, ("No patch:", BAD), &self.sentence())?;
        self.refusal.items().iter().try_for_each(|item| paragraph(output, 2, ("-", PLAIN), item))
    }

    pub(super) fn sentence(&self) -> String {
        let Self { place, refusal } = self;
        if place.is_empty() { refusal.sentence() } else { format!("{place}: {}", refusal.sentence()) }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Refusal {
    /// These steps fail, and no value in a list would help.
    Steps(Vec<Step>),
    /// The browser refuses the response for a reason that no list of the policy decides.
    Blocked(Blocked),
    /// No browser sends the request, whatever a policy says.
    NeverSent(InvalidRequest),
    /// The policy does not accept the library's advice, or does not change by it.
    NoEffect(Addition),
    /// The policy depends on the server's own origin, which the request does not name.
    NoServer,
    /// The page cannot read the response, because it used the mode `no-cors`.
    NoCors,
    /// The policy allows the request. The recorded response does not come from it.
    InFront,
    /// The file is not TOML, or has an unknown layout. These are the missing values.
    ByHand { format: Format, additions: Vec<Addition>, policies: usize },
}

impl Refusal {
    fn sentence(&self) -> String {
        match self {
            Self::Steps(_) => "adding to the policy's lists would not fix this:".to_owned(),
            Self::Blocked(blocked) => {
                format!("{blocked} A patch adds names to lists; it never allows credentials or `*`.")
            }
            Self::NeverSent(mistake) => format!("no browser sends this request: {mistake}"),
            Self::NoEffect(Addition { field, value, .. }) => {
                format!("`{}` in `{}` does not help.", shown(value), field.name())
            }
            Self::NoServer => {
                "only requests to the hosts in `served_at` are allowed. Give the request's whole URL, with its host."
                    .to_owned()
            }
            Self::NoCors => {
                "the page asks with the mode `no-cors`, so it can read no response. Use the mode `cors`.".to_owned()
            }
            Self::InFront => {
                "the policy allows this already. What was recorded is not its answer.".to_owned()
            }
            Self::ByHand { format: Format::Toml, .. } => {
                "a policy that is written like this cannot be patched. Change it by hand:".to_owned()
            }
            Self::ByHand { format, .. } => {
                format!("only TOML can be patched, not {format}. Change this policy by hand:")
            }
        }
    }

    /// The changes to make, if the sentence does not say them.
    pub(super) fn items(&self) -> Vec<String> {
        match self {
            Self::Steps(steps) => steps.iter().map(explained).collect(),
            Self::ByHand { additions, policies, .. } => {
                additions.iter().map(|addition| advice(addition, *policies)).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// What fails, and the safest remedy. Others may allow more than the request asks for.
fn explained(step: &Step) -> String {
    let value = step.value().map(|value| format!(" `{value}`")).unwrap_or_default();
    let fix = step.remedies().first().map(|remedy| format!(". Fix: {remedy}")).unwrap_or_default();
    let danger = if step.remedies().contains(&Remedy::AllowNullOrigin) {
        ". A patch never uses a `dangerously_` field"
    } else {
        ""
    };
    format!("{}{value}: {}{fix}{danger}.", step.title(), step.detail())
}

fn advice(Addition { policy, field, value }: &Addition, policies: usize) -> String {
    let place = if policies > 1 { format!(" of policy {}", policy + 1) } else { String::new() };
    format!("add `{}` to `{}`{place}", shown(value), field.name())
}
