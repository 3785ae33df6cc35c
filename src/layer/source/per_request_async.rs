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

// As of `PerRequest`.
impl UnwindSafe for PerRequestAsync {}
impl RefUnwindSafe for PerRequestAsync {}

impl PerRequestAsync {
    pub(in crate::layer) fn new<L>(lookup: impl Fn(RequestHead<'_>) -> L + Send + Sync + 'static) -> Self
    where
        L: Future<Output = Option<CorsPolicy>> + Send + 'static,
    {
        Self(Arc::new(move |request| PendingPolicy(Box::pin(lookup(request)))))
    }

    /// What is found at once; or what is still pending.
    pub(super) fn start(&self, request: RequestHead<'_>) -> Result<Found, PendingPolicy> {
        let mut pending = match caught(|| (self.0)(request)) {
            Ok(pending) => pending,
            Err(panic) => return Ok(Err(NotFound::Panicked(panic))),
        };
        // Most policies are in a cache: those need not wait, nor keep the request's head. Whoever is still pending is polled again
        // with a waker that wakes somebody.
        match pending.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(found) => Ok(found),
            Poll::Pending => Err(pending),
        }
    }
}

impl PendingPolicy {
    /// Not to be polled again once it was ready.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Found> {
        match caught(|| self.0.as_mut().poll(cx)) {
            Ok(poll) => poll.map(found),
            Err(panic) => Poll::Ready(Err(NotFound::Panicked(panic))),
        }
    }
}
