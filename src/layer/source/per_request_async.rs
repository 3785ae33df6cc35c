//! The policy that is looked up for a request, while the service runs.

use std::fmt;
use std::future::Future;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::pin::Pin;
use std::task::{Context, Poll};

use super::found::decide_by;
use super::{Decided, Dynamic, Pending, now_or_later};
use crate::layer::caught::{caught, caught_poll};
use crate::policy::CorsPolicy;
use crate::protocol::{Decision, DecisionOnly};
use crate::request::RequestHead;

pub(in crate::layer) struct PerRequestAsync(Box<Lookup>);

type Lookup = dyn Fn(RequestHead<'_>) -> PendingPolicy + Send + Sync;

/// A policy that is being looked up.
struct PendingPolicy(Pin<Box<dyn Future<Output = Option<CorsPolicy>> + Send>>);

// As for `PerRequest`.
impl UnwindSafe for PerRequestAsync {}
impl RefUnwindSafe for PerRequestAsync {}

impl PerRequestAsync {
    pub(in crate::layer) fn new<L>(lookup: impl Fn(RequestHead<'_>) -> L + Send + Sync + 'static) -> Self
    where
        L: Future<Output = Option<CorsPolicy>> + Send + 'static,
    {
        Self(Box::new(move |request| PendingPolicy(Box::pin(lookup(request)))))
    }
}

impl Dynamic for PerRequestAsync {
    fn decide(&self, request: RequestHead<'_>, listener: &mut DecisionOnly) -> Decided {
        match caught(|| (self.0)(request)) {
            Ok(pending) => now_or_later(pending, request, listener),
            Err(panic) => Decided::Now(decide_by(Err(panic), request, listener)),
        }
    }
}

impl fmt::Debug for PerRequestAsync {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PerRequestAsync(|request| ...)")
    }
}

impl Pending for PendingPolicy {
    fn poll(
        &mut self,
        cx: &mut Context<'_>,
        request: RequestHead<'_>,
        listener: &mut DecisionOnly,
    ) -> Poll<Decision> {
        caught_poll(self.0.as_mut(), cx).map(|found| decide_by(found, request, listener))
    }

    /// It is not known whether the policy rejects, and most policies do not.
    fn keeps_service_waiting(&self) -> bool {
        false
    }
}
