//! One step of an explanation.

use super::Remedy;
use crate::protocol::{Fact, Outcome};
use crate::quoted::shown;

/// One step of an [`Explanation`](crate::Explanation).
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    outcome: Outcome,
    value: Option<String>,
    fact: Fact,
    remedies: Vec<Remedy>,
}

impl Step {
    /// A stable id, for programs: `allowed-origin`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.fact.step().0
    }

    /// What the step checks: `allowed origin`.
    #[must_use]
    pub fn title(&self) -> &'static str {
        self.fact.step().1
    }

    /// A link to this step in the standard.
    #[must_use]
    pub fn standard(&self) -> &'static str {
        self.fact.step().2
    }

    /// The outcome of the step.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// The part of the request that was compared, escaped and cut, if there is one.
    #[must_use]
    pub fn value(&self) -> Option<&str> {
        self.value.as_deref()
    }

    /// The reason for the outcome: the rule that matched, or the nearest one and how it differs.
    #[must_use]
    pub fn detail(&self) -> String {
        self.fact.to_string()
    }

    /// How to fix a failure. Each remedy is enough alone; the safest comes first. Empty if the step did not
    /// fail.
    #[must_use]
    pub fn remedies(&self) -> &[Remedy] {
        &self.remedies
    }

    /// `about` is the part of the request that was compared.
    pub(super) fn new(outcome: Outcome, about: Option<&[u8]>, fact: Fact, remedies: Vec<Remedy>) -> Self {
        Self { outcome, value: about.map(shown), fact, remedies }
    }

    pub(crate) fn fact(&self) -> &Fact {
        &self.fact
    }
}
