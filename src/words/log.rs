//! What a log says.

use std::fmt;

#[cfg(feature = "reload")]
use crate::layer::ReplacedPolicy;
use crate::layer::{Change, Denied, NewDisagreement, Panicked, RefusedOrigin, ReplacedGrant};
use crate::protocol::Denial;

impl fmt::Display for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "denied: {}", self.0)
    }
}

impl fmt::Display for RefusedOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let new = if self.0 == Denial::ForeignHost { "host" } else { "origin" };
        write!(f, "refused a new {new}: {}", self.0)?;
        match self.0 {
            Denial::ForeignHost => {
                f.write_str(". If the host is yours, add its origin to `served_at`; if a proxy set it, make the proxy pass `Host` on unchanged")
            }
            Denial::OriginNotAllowed => f.write_str(". If the page is yours, allow its origin"),
            // For any other, such as `null`, there is nothing to allow.
            _ => Ok(()),
        }
    }
}

impl fmt::Display for NewDisagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(disagreement) = self;
        disagreement.fmt(f)?;
        match (disagreement.change, disagreement.denial()) {
            (Change::Refuses, Denial::OriginNotAllowed) => {
                f.write_str(". If the page is yours, allow its origin in the shadow policy")
            }
            (Change::Refuses, Denial::MethodNotAllowed) => {
                f.write_str(". If the page is yours, allow the method in the shadow policy")
            }
            (Change::Refuses, Denial::HeaderNotAllowed { .. } | Denial::AuthorizationNotListed) => {
                f.write_str(". If the page is yours, allow the header in the shadow policy")
            }
            // Nothing to allow, or nothing lost.
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Panicked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Lookup => {
                "a look-up panicked, so nothing is granted to this request. Fix the function of `per_request`, `per_request_async` or \
                 `origin_lookup`"
            }
            Self::Shadow => {
                "a predicate of the shadow policy or the function of `on_disagreement` panicked. The response is not affected. Fix the \
                 function that panicked"
            }
        })
    }
}

impl fmt::Display for ReplacedGrant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "replaced the `Access-Control-Allow-Origin` that the service set. If an inner `CorsLayer` set it and should decide, \
             leave the request to it with `leave_to_inner`",
        )
    }
}

#[cfg(feature = "reload")]
impl fmt::Display for ReplacedPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "replaced the policy: {}", self.0)
    }
}
