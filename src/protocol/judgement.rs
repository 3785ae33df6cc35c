//! The result of a decision without its answer, to compare two policies.

use super::listener::{Fact, Listener, Outcome};
use super::{Decision, Denial};
use crate::policy::CorsPolicy;
use crate::request::RequestHead;

/// What happens to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Judgement {
    pub(crate) denial: Option<Denial>,
    pub(crate) reaches_service: bool,
}

/// A listener that wants only the result. No answer is written, so nothing is allocated.
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
    /// The result of a decision that has the reason of its denial.
    pub(crate) fn of(decision: &Decision) -> Self {
        let reaches_service = matches!(decision, Decision::Actual(_));
        Self { denial: decision.denial().copied(), reaches_service }
    }
}

impl CorsPolicy {
    /// The result of [`decide`](Self::decide).
    pub(crate) fn judge(&self, request: RequestHead<'_>) -> Judgement {
        Judgement::of(&self.walk_heard_by(request, &mut JudgementOnly))
    }
}
