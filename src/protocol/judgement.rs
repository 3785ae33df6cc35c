//! What a decision comes to, without what is answered: two policies can be compared by it.

use super::listener::{Fact, Listener, Outcome};
use super::{Decision, Denial};
use crate::policy::CorsPolicy;
use crate::request::RequestHead;

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Judgement {
    pub(crate) denial: Option<Denial>,
    pub(crate) reaches_service: bool,
}

/// Who wants to know nothing else. Nothing is written for it, so that nothing is allocated.
struct JudgementOnly;

impl Listener for JudgementOnly {
    const HEARS_FACTS: bool = false;
    const WANTS_ANSWER: bool = false;

    fn wants_reason(&self) -> bool {
        true
    }

    fn hear(&mut self, _: Outcome, _: Option<&[u8]>, _: impl FnOnce() -> Fact) {}
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
        Judgement::of(&self.walk_heard_by(request, &mut JudgementOnly))
    }
}
