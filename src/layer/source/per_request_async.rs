//! The policy that is looked up for a request, while the service runs.

use std::future::Future;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use super::found::{Found, NotFound, found};
use crate::layer::caught::caught;
use crate::policy::CorsPolicy;
use crate::request::RequestHead;

#[derive(Clone)]
pub(in crate::layer) struct PerRequestAsync(Arc<Lookup>);

type Lookup = dyn Fn(RequestHead<'_>) -> PendingPolicy + Send + Sync;

/// A policy that is being looked up.
pub(in crate::layer) struct PendingPolicy(Pin<Box<dyn Future<Output = Option<CorsPolicy>> + Send>>);

// As for `PerRequest`.
impl UnwindSafe for PerRequestAsync {}
impl RefUnwindSafe for PerRequestAsync {}

impl PerRequestAsync {
    pub(in crate::layer) fn new<L>(lookup: impl Fn(RequestHead<'_>) -> L + Send + Sync + 'static) -> Self
    where
        L: Future<Output = Option<CorsPolicy>> + Send + 'static,
    {
        Self(Arc::new(move |request| PendingPolicy(Box::pin(lookup(request)))))
    }

    /// The result, if it is ready at once; otherwise the pending look-up.
    pub(super) fn start(&self, request: RequestHead<'_>) -> Result<Found, PendingPolicy> {
        let mut pending = match caught(|| (self.0)(request)) {
            Ok(pending) => pending,
            Err(panic) => return Ok(Err(NotFound::Panicked(panic))),
        };
        // Most policies are in a cache: for those nothing waits, and the request's head is not copied. A pending look-up is polled
        // again, with the task's own waker.
        match pending.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(found) => Ok(found),
            Poll::Pending => Err(pending),
        }
    }
}

impl PendingPolicy {
    /// Must not be polled again after it was ready.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Found> {
        match caught(|| self.0.as_mut().poll(cx)) {
            Ok(poll) => poll.map(found),
            Err(panic) => Poll::Ready(Err(NotFound::Panicked(panic))),
        }
    }
}
