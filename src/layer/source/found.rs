//! The result of looking a policy up.

use crate::layer::caught::Panic;
use crate::layer::watch::{Panicked, tell_of_panic};
use crate::policy::CorsPolicy;
use crate::protocol::{Decision, DecisionOnly, Denial, decide_without_policy};
use crate::request::RequestHead;

/// The decision by the policy that a look-up found, if it found one and did not panic.
pub(super) fn decide_by(
    found: Result<Option<CorsPolicy>, Panic>,
    request: RequestHead<'_>,
    listener: &mut DecisionOnly,
) -> Decision {
    let reason = match found {
        Ok(Some(policy)) => return policy.decide_heard_by(request, listener),
        Ok(None) => Denial::NoPolicy,
        Err(payload) => {
            // Even if the request is not denied, as without an `Origin`: the bug is there anyway.
            tell_of_panic(Panicked::Lookup, payload.as_ref(), request);
            Denial::LookupPanicked
        }
    };
    decide_without_policy(reason, request, listener)
}
