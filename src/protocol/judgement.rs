//! What a decision comes to, without what is answered: two policies can be compared by it.

use super::{Decision, DecisionOnly, Denial};
use crate::policy::CorsPolicy;
use crate::request::RequestHead;

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Judgement {
    pub(crate) denial: Option<Denial>,
    pub(crate) reaches_service: bool,
}

impl Judgement {
    /// Of a decision that somebody was told the reason of.
    pub(crate) fn of(decision: &Decision) -> Self {
        let reaches_service = matches!(decision, Decision::Actual(_));
        Self { denial: decision.denial().copied(), reaches_service }
    }
}

impl CorsPolicy {
    /// What [`decide`](Self::decide) comes to.
    pub(crate) fn judge(&self, request: RequestHead<'_>) -> Judgement {
        // Nobody answers by it: nothing is written, so that nothing is allocated.
        let mut listener = DecisionOnly { with_reason: true, with_answer: false };
        Judgement::of(&self.decide_heard_by(request, &mut listener))
    }
}
