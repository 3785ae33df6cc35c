//! Where a request's policy comes from, and how it is decided by.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

#[cfg(feature = "reload")]
use super::reload::PolicyHandle;
use crate::decision::{self, Decision};
use crate::policy::CorsPolicy;
use crate::request::RequestHead;

#[derive(Clone)]
pub(super) enum Source {
    /// The same for all requests.
    Fixed(CorsPolicy),
    Dynamic(Dynamic),
}

#[derive(Clone)]
pub(super) enum Dynamic {
    /// The same for all requests, until another one is stored.
    #[cfg(feature = "reload")]
    Reloadable(PolicyHandle),
    FirstMatch(Arc<[CorsPolicy]>),
    PerRequest(Arc<Lookup>),
    PerRequestAsync(Arc<AsyncLookup>),
}

pub(super) type Lookup = dyn Fn(RequestHead<'_>) -> Option<CorsPolicy> + Send + Sync;

pub(super) type AsyncLookup = dyn Fn(RequestHead<'_>) -> PendingLookup + Send + Sync;

pub(super) type PendingLookup = Pin<Box<dyn Future<Output = Option<CorsPolicy>> + Send>>;

/// What a source that is not fixed says of a request.
pub(super) enum Decided {
    Now(Decision),
    /// As soon as the policy was looked up.
    Later(PendingLookup),
}

impl Dynamic {
    pub(super) fn decide(&self, request: RequestHead<'_>, wants_reason: bool) -> Decided {
        Decided::Now(match self {
            // The decision holds on to its policy, whatever is stored before the response comes.
            #[cfg(feature = "reload")]
            Self::Reloadable(handle) => {
                handle.with_current(|policy| policy.decide_with_reason(request, wants_reason))
            }
            Self::FirstMatch(policies) => decision::decide_by_first_match(policies, request, wants_reason),
            Self::PerRequest(lookup) => {
                let policy = or_none(|| lookup(request));
                decide_by(policy.as_ref(), request, wants_reason)
            }
            Self::PerRequestAsync(lookup) => return decide_async(&**lookup, request, wants_reason),
        })
    }
}

fn decide_async(lookup: &AsyncLookup, request: RequestHead<'_>, wants_reason: bool) -> Decided {
    let Some(mut lookup) = or_none(|| Some(lookup(request))) else {
        return Decided::Now(decision::decide_without_policy(request));
    };
    // Most policies are in a cache: those need not wait, nor keep the request's head. Whoever is still pending is polled again
    // with a waker that wakes somebody.
    match poll(&mut lookup, &mut Context::from_waker(Waker::noop())) {
        Poll::Ready(policy) => Decided::Now(decide_by(policy.as_ref(), request, wants_reason)),
        Poll::Pending => Decided::Later(lookup),
    }
}

pub(super) fn decide_by(
    policy: Option<&CorsPolicy>,
    request: RequestHead<'_>,
    wants_reason: bool,
) -> Decision {
    match policy {
        Some(policy) => policy.decide_with_reason(request, wants_reason),
        None => decision::decide_without_policy(request),
    }
}

/// Polls a look-up, which is not to be polled again once it was ready.
pub(super) fn poll(lookup: &mut PendingLookup, cx: &mut Context<'_>) -> Poll<Option<CorsPolicy>> {
    let polled = or_none(|| Some(lookup.as_mut().poll(cx)));
    polled.unwrap_or(Poll::Ready(None))
}

/// A look-up that panics has found nothing. The service runs all the same, and over HTTP/2 the requests of everybody else on
/// this connection do: a panic that went on from here would end it.
fn or_none<T>(lookup: impl FnOnce() -> Option<T>) -> Option<T> {
    // What the look-up left half done is its own affair: nothing of it is used here again.
    catch_unwind(AssertUnwindSafe(lookup)).unwrap_or_default()
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(policy) => policy.fmt(f),
            #[cfg(feature = "reload")]
            Self::Dynamic(Dynamic::Reloadable(handle)) => handle.fmt(f),
            Self::Dynamic(Dynamic::FirstMatch(policies)) => {
                f.debug_tuple("FirstMatch").field(policies).finish()
            }
            Self::Dynamic(Dynamic::PerRequest(_)) => f.write_str("PerRequest(|request| ...)"),
            Self::Dynamic(Dynamic::PerRequestAsync(_)) => f.write_str("PerRequestAsync(|request| ...)"),
        }
    }
}
