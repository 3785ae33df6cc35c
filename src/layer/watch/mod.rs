//! Who is told what was decided: a hook, a log.

#[cfg(feature = "tracing")]
mod log;
#[cfg(feature = "tracing")]
mod refused;

use std::any::Any;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

#[cfg(all(feature = "reload", feature = "tracing"))]
pub(crate) use self::log::ReplacedPolicy;
#[cfg(feature = "tracing")]
pub(crate) use self::log::{Denied, LookupPanicked, RefusedOrigin, ReplacedGrant};
use http::{HeaderMap, HeaderValue};

#[cfg(feature = "reload")]
use crate::policy::CorsPolicy;
use crate::protocol::{Decision, Denial};
use crate::request::RequestHead;

/// Whoever watches one layer.
#[derive(Clone, Default)]
pub(super) struct Watchers {
    pub(super) on_denial: Option<Hook>,
    #[cfg(feature = "tracing")]
    log: log::Log,
}

type Hook = Arc<dyn Fn(&Denial, RequestHead<'_>) + Send + Sync>;

// The hook is called by shared reference: what it keeps behind one is its own affair. The rest is unwind safe by itself.
impl UnwindSafe for Watchers {}
impl RefUnwindSafe for Watchers {}

impl Watchers {
    /// Whether somebody is told why a request is denied.
    #[inline]
    pub(super) fn want_reason(&self) -> bool {
        #[cfg(feature = "tracing")]
        if log::wants_reason() {
            return true;
        }
        self.on_denial.is_some()
    }

    #[inline]
    pub(super) fn report(&self, decision: &Decision, request: RequestHead<'_>) {
        if let (Some(on_denial), Some(denial)) = (&self.on_denial, decision.denial()) {
            on_denial(denial, request);
        }
        #[cfg(feature = "tracing")]
        self.log.report(decision, request);
    }
}

/// Tells a log of the bug of a look-up. A hook is told where it denies something.
#[cold]
pub(super) fn tell_of_panic(payload: &(dyn Any + Send), request: RequestHead<'_>) {
    #[cfg(feature = "tracing")]
    log::lookup_panicked(payload, request);
    #[cfg(not(feature = "tracing"))]
    let _ = (payload, request);
}

/// Tells a log that the policy overruled what the service said: the service may be another layer, whose policy was meant to decide.
/// The response's headers are those that the policy wrote.
#[cold]
pub(super) fn tell_of_replaced_grant(replaced: &HeaderValue, headers: &HeaderMap) {
    #[cfg(feature = "tracing")]
    log::replaced_grant(replaced, headers);
    #[cfg(not(feature = "tracing"))]
    let _ = (replaced, headers);
}

/// Tells a log what changes when a policy is replaced. To compare two policies takes a while, and is done only for a log.
#[cfg(feature = "reload")]
pub(super) fn tell_of_replaced_policy(old: &CorsPolicy, new: &CorsPolicy) {
    #[cfg(feature = "tracing")]
    log::replaced_policy(old, new);
    #[cfg(not(feature = "tracing"))]
    let _ = (old, new);
}
