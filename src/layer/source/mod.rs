//! Where a request's policy comes from: a file for each source.

mod first_match;
mod found;
mod origin_lookup;
mod pending;
mod per_request;
mod per_request_async;
#[cfg(feature = "reload")]
mod reloadable;

use std::fmt;

pub(super) use self::first_match::FirstMatch;
use self::found::decide_by;
pub(super) use self::origin_lookup::OriginLookup;
pub(super) use self::pending::Pending;
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
    Dynamic(Dynamic),
}

#[derive(Clone)]
pub(super) enum Dynamic {
    /// The same for all requests, until another one is stored.
    #[cfg(feature = "reload")]
    Reloadable(PolicyHandle),
    FirstMatch(FirstMatch),
    PerRequest(PerRequest),
    PerRequestAsync(PerRequestAsync),
    OriginLookup(OriginLookup),
}

/// The answer of a source that is not fixed.
pub(super) enum Decided {
    Now(Decision),
    /// After a look-up.
    Later(Pending),
}

impl Dynamic {
    // Not generic, so a program contains it only once, however many services it has.
    pub(super) fn decide(&self, request: RequestHead<'_>, listener: &mut DecisionOnly) -> Decided {
        Decided::Now(match self {
            // The decision keeps its policy, even if another one is stored before the response comes.
            #[cfg(feature = "reload")]
            Self::Reloadable(handle) => {
                handle.with_current(|policy| policy.decide_heard_by(request, listener))
            }
            Self::FirstMatch(policies) => policies.decide(request, listener),
            Self::PerRequest(select) => decide_by(select.look_up(request), request, listener),
            Self::PerRequestAsync(lookup) => match lookup.start(request) {
                Ok(found) => decide_by(found, request, listener),
                Err(pending) => return Decided::Later(Pending::Policy(pending)),
            },
            Self::OriginLookup(lookup) => match lookup.start(request, listener) {
                Ok(decision) => decision,
                Err(pending) => return Decided::Later(Pending::Origin(pending)),
            },
        })
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

impl fmt::Debug for Dynamic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            #[cfg(feature = "reload")]
            Self::Reloadable(handle) => handle.fmt(f),
            Self::FirstMatch(policies) => policies.fmt(f),
            Self::PerRequest(_) => f.write_str("PerRequest(|request| ...)"),
            Self::PerRequestAsync(_) => f.write_str("PerRequestAsync(|request| ...)"),
            Self::OriginLookup(lookup) => {
                write!(f, "OriginLookup({:?}, |origin, request| ...)", lookup.policy)
            }
        }
    }
}
