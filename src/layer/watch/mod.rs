//! Who is told what was decided: a hook, a log.

#[cfg(feature = "tracing")]
mod log;
#[cfg(feature = "tracing")]
mod refused;

use std::sync::Arc;

#[cfg(feature = "tracing")]
pub(crate) use self::log::{Denied, RefusedOrigin};
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
