//! The origins that a policy does not list, looked up while the service runs.

use std::fmt;
use std::future::Future;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::pin::Pin;
use std::task::{Context, Poll};

use super::{Decided, Dynamic, Pending, now_or_later};
use crate::layer::caught::{Panic, caught, caught_poll};
use crate::layer::watch::{Panicked, tell_of_panic};
use crate::origin::Origin;
use crate::policy::CorsPolicy;
use crate::protocol::{Answer, Decision, DecisionOnly};
use crate::request::RequestHead;

pub(in crate::layer) struct OriginLookup {
    policy: CorsPolicy,
    lookup: Box<Lookup>,
}

type Lookup = dyn Fn(&Origin<'_>, RequestHead<'_>) -> PendingAnswer + Send + Sync;

type PendingAnswer = Pin<Box<dyn Future<Output = bool> + Send>>;

/// An origin that is being looked up.
struct PendingOrigin {
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
        Self { policy, lookup: Box::new(move |origin, request| Box::pin(lookup(origin, request))) }
    }
}

impl Dynamic for OriginLookup {
    fn decide(&self, request: RequestHead<'_>, listener: &mut DecisionOnly) -> Decided {
        let origin = match self.policy.decide_or_ask(request, listener) {
            Ok(decision) => return Decided::Now(decision),
            Err(origin) => origin,
        };
        match caught(|| (self.lookup)(&origin, request)) {
            Ok(answer) => {
                now_or_later(PendingOrigin { policy: self.policy.clone(), answer }, request, listener)
            }
            Err(panic) => Decided::Now(decide(&self.policy, Err(panic), request, listener)),
        }
    }
}

impl fmt::Debug for OriginLookup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OriginLookup({:?}, |origin, request| ...)", self.policy)
    }
}

impl Pending for PendingOrigin {
    fn poll(
        &mut self,
        cx: &mut Context<'_>,
        request: RequestHead<'_>,
        listener: &mut DecisionOnly,
    ) -> Poll<Decision> {
        caught_poll(self.answer.as_mut(), cx).map(|answer| decide(&self.policy, answer, request, listener))
    }

    /// The answer may keep the request from the service, which must then wait for it.
    fn keeps_service_waiting(&self) -> bool {
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
