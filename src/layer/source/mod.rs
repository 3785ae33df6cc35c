//! Where a request's policy comes from: a file for each source.

mod first_match;
mod found;
mod origin_lookup;
mod per_request;
mod per_request_async;
#[cfg(feature = "reload")]
mod reloadable;

use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

pub(super) use self::first_match::FirstMatch;
pub(super) use self::origin_lookup::OriginLookup;
pub(super) use self::per_request::PerRequest;
pub(super) use self::per_request_async::PerRequestAsync;
#[cfg(feature = "reload")]
pub use self::reloadable::PolicyHandle;
use crate::policy::CorsPolicy;
use crate::protocol::{Decision, DecisionOnly};
use crate::request::RequestHead;

#[derive(Clone)]
pub(super) enum Source {
    /// The same for all requests.
    Fixed(CorsPolicy),
    Dynamic(Arc<dyn Dynamic>),
}

/// A source whose policy may differ from request to request. A trait, so a program contains only the sources that it uses.
pub(super) trait Dynamic: fmt::Debug + Send + Sync + UnwindSafe + RefUnwindSafe {
    fn decide(&self, request: RequestHead<'_>, listener: &mut DecisionOnly) -> Decided;
}

/// The answer of a source that is not fixed.
pub(super) enum Decided {
    Now(Decision),
    /// After a look-up.
    Later(Box<dyn Pending>),
}

/// What is still being looked up when the service is called.
pub(super) trait Pending: Send {
    /// The decision, as soon as it can be made. Must not be polled again after it was ready.
    fn poll(
        &mut self,
        cx: &mut Context<'_>,
        request: RequestHead<'_>,
        listener: &mut DecisionOnly,
    ) -> Poll<Decision>;

    /// Whether the service must wait for the decision.
    fn keeps_service_waiting(&self) -> bool;
}

/// Most results are in a cache: for those nothing waits, and the request's head is not copied. A pending look-up is polled again,
/// with the task's own waker.
fn now_or_later(
    mut pending: impl Pending + 'static,
    request: RequestHead<'_>,
    listener: &mut DecisionOnly,
) -> Decided {
    match pending.poll(&mut Context::from_waker(Waker::noop()), request, listener) {
        Poll::Ready(decision) => Decided::Now(decision),
        Poll::Pending => Decided::Later(Box::new(pending)),
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(policy) => policy.fmt(f),
            Self::Dynamic(source) => source.fmt(f),
        }
    }
}
