//! The policy that a function selects for a request.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use crate::policy::CorsPolicy;
use crate::protocol::{Decision, Listener, decide_without_policy};
use crate::request::RequestHead;

#[derive(Clone)]
pub(in crate::layer) struct PerRequest(Arc<Select>);

type Select = dyn Fn(RequestHead<'_>) -> Option<CorsPolicy> + Send + Sync;

impl PerRequest {
    pub(in crate::layer) fn new(
        select: impl Fn(RequestHead<'_>) -> Option<CorsPolicy> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(select))
    }

    pub(super) fn decide(&self, request: RequestHead<'_>, listener: &mut impl Listener) -> Decision {
        let policy = caught(|| (self.0)(request)).flatten();
        decide_by(policy.as_ref(), request, listener)
    }
}

pub(in crate::layer) fn decide_by(
    policy: Option<&CorsPolicy>,
    request: RequestHead<'_>,
    listener: &mut impl Listener,
) -> Decision {
    match policy {
        Some(policy) => policy.decide_heard_by(request, listener),
        None => decide_without_policy(request, listener),
    }
}

/// `None` if it panics: it has selected nothing. The service runs all the same, and over HTTP/2 the requests of everybody else on
/// this connection do: a panic that went on from here would end it.
pub(super) fn caught<T>(select: impl FnOnce() -> T) -> Option<T> {
    // What it left half done is its own affair: nothing of it is used here again.
    catch_unwind(AssertUnwindSafe(select)).ok()
}
