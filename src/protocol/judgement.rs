//! The result of a decision without its answer, to compare two policies.

use super::{Decision, DecisionOnly, Denial};
use crate::policy::CorsPolicy;
use crate::request::RequestHead;

/// What happens to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Judgement {
    pub(crate) denial: Option<Denial>,
    pub(crate) reaches_service: bool,
}

impl Judgement {
    /// The result of a decision that has the reason of its denial.
    pub(crate) fn of(decision: &Decision) -> Self {
        let reaches_service = matches!(decision, Decision::Actual(_));
        Self { denial: decision.denial().copied(), reaches_service }
    }
}

impl CorsPolicy {
    /// The result of [`decide`](Self::decide).
    pub(crate) fn judge(&self, request: RequestHead<'_>) -> Judgement {
        // No answer is written, so nothing is allocated.
        let mut listener = DecisionOnly { with_reason: true, with_answer: false };
        Judgement::of(&self.decide_heard_by(request, &mut listener))
    }
}
