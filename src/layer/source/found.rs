//! The result of looking a policy up.

use crate::layer::caught::Panic;
use crate::layer::watch::{Panicked, tell_of_panic};
use crate::policy::CorsPolicy;
use crate::protocol::{Decision, DecisionOnly, Denial, decide_without_policy};
use crate::request::RequestHead;

/// The policy of a request, or why it was not found.
pub(in crate::layer) type Found = Result<CorsPolicy, NotFound>;

pub(in crate::layer) enum NotFound {
    NoPolicy,
    Panicked(Panic),
}

pub(super) fn found(policy: Option<CorsPolicy>) -> Found {
    policy.ok_or(NotFound::NoPolicy)
}

pub(super) fn decide_by(found: Found, request: RequestHead<'_>, listener: &mut DecisionOnly) -> Decision {
    let reason = match found {
        Ok(policy) => return policy.decide_heard_by(request, listener),
        Err(NotFound::NoPolicy) => Denial::NoPolicy,
        Err(NotFound::Panicked(payload)) => {
            // Even if the request is not denied, as without an `Origin`: the bug is there anyway.
            tell_of_panic(Panicked::Lookup, payload.as_ref(), request);
            Denial::LookupPanicked
        }
    };
    decide_without_policy(reason, request, listener)
}
