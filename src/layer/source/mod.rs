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

/// A source whose policy may be another one for each request. A program has the code of those that it uses.
pub(super) trait Dynamic: fmt::Debug + Send + Sync + UnwindSafe + RefUnwindSafe {
    fn decide(&self, request: RequestHead<'_>, listener: &mut DecisionOnly) -> Decided;
}

/// What a source that is not fixed says of a request.
pub(super) enum Decided {
    Now(Decision),
    /// As soon as something was looked up.
    Later(Box<dyn Pending>),
}

/// What is still being looked up when the service is called.
pub(super) trait Pending: Send {
    /// The decision, as soon as it can be made. Not to be polled again from then on.
    fn poll(
        &mut self,
        cx: &mut Context<'_>,
        request: RequestHead<'_>,
        listener: &mut DecisionOnly,
    ) -> Poll<Decision>;

    /// Whether the service is not to begin before the decision.
    fn keeps_service_waiting(&self) -> bool;
}

/// Most of what is looked up is in a cache: that need not wait, nor keep the request's head. What is still pending is polled again with
/// a waker that wakes somebody.
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
