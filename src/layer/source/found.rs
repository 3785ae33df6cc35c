//! What the look-up of a policy comes to.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::layer::watch::tell_of_panic;
use crate::policy::CorsPolicy;
use crate::protocol::{Decision, DecisionOnly, Denial, decide_without_policy};
use crate::request::RequestHead;

/// The policy of a request, or why there is none.
pub(in crate::layer) type Found = Result<CorsPolicy, NotFound>;

pub(in crate::layer) enum NotFound {
    NoPolicy,
    /// With what it panicked with.
    Panicked(Box<dyn Any + Send>),
}

pub(super) fn found(policy: Option<CorsPolicy>) -> Found {
    policy.ok_or(NotFound::NoPolicy)
}

/// What a part of a look-up returns, unless it panics. The service runs all the same, and over HTTP/2 the requests of everybody else
/// on this connection do: a panic that went on from here would end it.
pub(super) fn caught<T>(look_up: impl FnOnce() -> T) -> Result<T, NotFound> {
    // What it left half done is its own affair: nothing of it is used here again.
    catch_unwind(AssertUnwindSafe(look_up)).map_err(NotFound::Panicked)
}

pub(in crate::layer) fn decide_by(
    found: Found,
    request: RequestHead<'_>,
    listener: &mut DecisionOnly,
) -> Decision {
    let reason = match found {
        Ok(policy) => return policy.decide_heard_by(request, listener),
        Err(NotFound::NoPolicy) => Denial::NoPolicy,
        Err(NotFound::Panicked(payload)) => {
            // Whether or not the request is denied: a request without `Origin` is not, and the bug is there all the same.
            tell_of_panic(payload.as_ref(), request);
            Denial::LookupPanicked
        }
    };
    decide_without_policy(reason, request, listener)
}
