//! Look-ups of origins that no rule of a policy allows.

use http::header::ORIGIN;

use super::door::Door;
use super::origin::{self, Verdict};
use super::{Decision, Listener, tell_request, walk};
use crate::origin::Origin;
use crate::policy::CorsPolicy;
use crate::policy::rules::OriginRule;
use crate::request::RequestHead;

/// The result of the look-up of an origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Allowed,
    Refused,
    /// The look-up panicked.
    Unknown,
}

impl CorsPolicy {
    /// Decides, unless the origin must be looked up first: a well-formed origin that no rule allows. A request to a foreign host is
    /// rejected before that.
    pub(crate) fn decide_or_ask<'r>(
        &self,
        request: RequestHead<'r>,
        listener: &mut impl Listener,
    ) -> Result<Decision, Origin<'r>> {
        let door = Door::of(self);
        if let Some(rejected) = door.misdirected(request, listener) {
            return Ok(rejected);
        }
        let verdict = Verdict::of(request, &self.rules().origins);
        if matches!(verdict, Verdict::Refused) {
            if let Ok(origin) = origin::named(request) {
                return Err(origin);
            }
        }
        tell_request(request, self.rules().origins.are_any(), listener);
        Ok(walk(self, verdict, door, request, listener))
    }

    /// Decides about a request after the look-up of its origin. No rule is evaluated again: a predicate may count its calls, or
    /// answer differently.
    pub(crate) fn decide_answered(
        &self,
        answer: Answer,
        request: RequestHead<'_>,
        listener: &mut impl Listener,
    ) -> Decision {
        let verdict = match (answer, request.headers().get(ORIGIN)) {
            (Answer::Allowed, Some(origin)) => Verdict::Allowed(origin, OriginRule::Predicate),
            (Answer::Unknown, _) => Verdict::Unknown,
            _ => Verdict::Refused,
        };
        tell_request(request, false, listener);
        walk(self, verdict, Door::of(self), request, listener)
    }
}
