//! The policy that is looked up for a request, while the service runs.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use super::per_request::caught;
use crate::policy::CorsPolicy;
use crate::request::RequestHead;

#[derive(Clone)]
pub(in crate::layer) struct PerRequestAsync(Arc<Lookup>);

type Lookup = dyn Fn(RequestHead<'_>) -> PendingPolicy + Send + Sync;

/// A policy that is being looked up.
pub(in crate::layer) struct PendingPolicy(Pin<Box<dyn Future<Output = Option<CorsPolicy>> + Send>>);

impl PerRequestAsync {
    pub(in crate::layer) fn new<L>(lookup: impl Fn(RequestHead<'_>) -> L + Send + Sync + 'static) -> Self
    where
        L: Future<Output = Option<CorsPolicy>> + Send + 'static,
    {
        Self(Arc::new(move |request| PendingPolicy(Box::pin(lookup(request)))))
    }

    /// The policy, if it is there at once; or what is still pending.
    pub(super) fn start(&self, request: RequestHead<'_>) -> Result<Option<CorsPolicy>, PendingPolicy> {
        let Some(mut pending) = caught(|| (self.0)(request)) else {
            return Ok(None);
        };
        // Most policies are in a cache: those need not wait, nor keep the request's head. Whoever is still pending is polled again
        // with a waker that wakes somebody.
        match pending.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(policy) => Ok(policy),
            Poll::Pending => Err(pending),
        }
    }
}

impl PendingPolicy {
    /// Not to be polled again once it was ready.
    pub(in crate::layer) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<CorsPolicy>> {
        caught(|| self.0.as_mut().poll(cx)).unwrap_or(Poll::Ready(None))
    }
}
