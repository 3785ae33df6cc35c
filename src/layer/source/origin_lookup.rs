//! The origins that a policy does not list, looked up while the service runs.

use std::future::Future;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use crate::layer::caught::{Panic, caught};
use crate::layer::watch::{Panicked, tell_of_panic};
use crate::origin::Origin;
use crate::policy::CorsPolicy;
use crate::protocol::{Answer, Decision, DecisionOnly};
use crate::request::RequestHead;

#[derive(Clone)]
pub(in crate::layer) struct OriginLookup {
    pub(super) policy: CorsPolicy,
    lookup: Arc<Lookup>,
}

type Lookup = dyn Fn(&Origin<'_>, RequestHead<'_>) -> PendingAnswer + Send + Sync;

type PendingAnswer = Pin<Box<dyn Future<Output = bool> + Send>>;

/// An origin that is being looked up.
pub(in crate::layer) struct PendingOrigin {
    policy: CorsPolicy,
    answer: PendingAnswer,
}

// As for `PerRequest`.
impl UnwindSafe for OriginLookup {}
impl RefUnwindSafe for OriginLookup {}

impl OriginLookup {
    pub(in crate::layer) fn new<L>(
        policy: CorsPolicy,
        lookup: impl Fn(&Origin<'_>, RequestHead<'_>) -> L + Send + Sync + 'static,
    ) -> Self
    where
        L: Future<Output = bool> + Send + 'static,
    {
        Self { policy, lookup: Arc::new(move |origin, request| Box::pin(lookup(origin, request))) }
    }

    /// The decision, if it is ready at once; otherwise the pending look-up.
    pub(super) fn start(
        &self,
        request: RequestHead<'_>,
        listener: &mut DecisionOnly,
    ) -> Result<Decision, PendingOrigin> {
        let origin = match self.policy.decide_or_ask(request, listener) {
            Ok(decision) => return Ok(decision),
            Err(origin) => origin,
        };
        let mut pending = match caught(|| (self.lookup)(&origin, request)) {
            Ok(answer) => PendingOrigin { policy: self.policy.clone(), answer },
            Err(panic) => return Ok(decide(&self.policy, Err(panic), request, listener)),
        };
        // Polled at once, as for `PerRequestAsync`: most answers are in a cache.
        match pending.poll(&mut Context::from_waker(Waker::noop()), request, listener) {
            Poll::Ready(decision) => Ok(decision),
            Poll::Pending => Err(pending),
        }
    }
}

impl PendingOrigin {
    /// Must not be polled again after it was ready.
    pub(super) fn poll(
        &mut self,
        cx: &mut Context<'_>,
        request: RequestHead<'_>,
        listener: &mut DecisionOnly,
    ) -> Poll<Decision> {
        let answer = match caught(|| self.answer.as_mut().poll(cx)) {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(allowed)) => Ok(allowed),
            Err(panic) => Err(panic),
        };
        Poll::Ready(decide(&self.policy, answer, request, listener))
    }

    /// Whether the answer may keep the request from the service, which must then wait for it.
    pub(super) fn may_reject(&self) -> bool {
        self.policy.rules().origins.reject_disallowed()
    }
}

fn decide(
    policy: &CorsPolicy,
    answer: Result<bool, Panic>,
    request: RequestHead<'_>,
    listener: &mut DecisionOnly,
) -> Decision {
    let answer = match answer {
        Ok(true) => Answer::Allowed,
        Ok(false) => Answer::Refused,
        Err(panic) => {
            tell_of_panic(Panicked::Lookup, panic.as_ref(), request);
            Answer::Unknown
        }
    };
    policy.decide_answered(answer, request, listener)
}
