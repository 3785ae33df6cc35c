//! The origin that no rule of a policy allows, and that somebody is asked about.

use http::header::ORIGIN;

use super::door::Door;
use super::origin::{self, Verdict};
use super::{Decision, Listener, tell_request, walk};
use crate::origin::Origin;
use crate::policy::CorsPolicy;
use crate::policy::rules::OriginRule;
use crate::request::RequestHead;

/// What is said of an origin that was looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Allowed,
    Refused,
    /// Nothing: the look-up panicked.
    Unknown,
}

impl CorsPolicy {
    /// Decides, unless somebody has to be asked about the origin first: one that is well-formed, and that no rule allows. Who came to
    /// a foreign host is turned away before that.
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

    /// Decides about a request whose origin had to be asked about. No rule is asked again: a predicate may count, or change its mind.
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
