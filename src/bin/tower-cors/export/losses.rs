//! What a target cannot express of a policy, and the policy that is left without it.

use std::io::{self, Write};

use super::feature::Feature;
use super::policy::Policy;
use crate::paragraph::{BAD, DOUBTFUL, PLAIN, paragraph};
use crate::shown::shown;

/// The fate of a feature that a target does not support, and the reason as a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It can be left out; the configuration then allows less.
    Less(&'static str),
    /// Without it, more would be allowed, or nothing at all.
    Cannot(&'static str),
}

impl Fate {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Less(_) => "less",
            Self::Cannot(_) => "cannot",
        }
    }

    pub(super) fn reason(self) -> &'static str {
        match self {
            Self::Less(reason) | Self::Cannot(reason) => reason,
        }
    }
}

/// For a target with other regular expressions than the library's.
pub(super) const REGEX: &str =
    "Its regular expressions follow other rules. List the origins, or patterns, in allow_origins";

/// A part of a policy that a target cannot express.
pub(super) struct Loss {
    pub(super) feature: Feature,
    pub(super) fate: Fate,
    /// What of the policy it is.
    pub(super) values: Vec<String>,
}

pub(super) struct Losses(Vec<Loss>);

/// The most values of one loss that are told to people.
const MAX_VALUES: usize = 5;

/// `fate` is the target's: `None` of what it says as the policy does.
pub(super) fn losses(policy: &Policy, fate: impl Fn(Feature) -> Option<Fate>) -> Losses {
    let losses = Feature::ALL.into_iter().filter_map(|feature| {
        let fate = fate(feature)?;
        let values = feature.used_by(policy);
        (!values.is_empty()).then_some(Loss { feature, fate, values })
    });
    Losses(losses.collect())
}

impl Losses {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Loss> {
        self.0.iter()
    }

    /// The policy without them, if they can be left out and a valid policy is left: one without any origin would allow nothing.
    pub(super) fn left_of(&self, policy: &Policy) -> Option<Policy> {
        if self.0.iter().any(|loss| matches!(loss.fate, Fate::Cannot(_))) {
            return None;
        }
        let mut left = policy.clone();
        for loss in &self.0 {
            loss.feature.remove_from(&mut left);
        }
        left.is_valid().then_some(left)
    }

    /// Says why nothing was written. `is_acceptable`: whether it would have been, had the losses been accepted.
    pub(super) fn tell(&self, title: &str, is_acceptable: bool, output: &mut impl Write) -> io::Result<()> {
        paragraph(output, 0, ("tower-cors:", PLAIN), &format!("{title} cannot express all of this policy:"))?;
        for loss in &self.0 {
            let style = if matches!(loss.fate, Fate::Less(_)) { DOUBTFUL } else { BAD };
            paragraph(output, 2, (loss.fate.name(), style), &loss.text())?;
        }
        let advice = if is_acceptable {
            "Nothing was written. With `--accept-losses`, it is written without these and allows less."
        } else {
            "Nothing was written: without these, the configuration would allow more than the policy, or nothing. Leave CORS to the layer \
             in the service, or change the policy."
        };
        paragraph(output, 0, ("", PLAIN), advice)
    }
}

impl Loss {
    /// On one line, whatever the values are.
    pub(super) fn text(&self) -> String {
        let mut values: Vec<_> = self.values.iter().take(MAX_VALUES).map(|value| shown(value)).collect();
        let more = self.values.len() - values.len();
        if more > 0 {
            values.push(format!("{more} more"));
        }
        format!("{}. {}", values.join(", "), self.fate.reason())
    }
}
