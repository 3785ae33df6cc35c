//! What a log says.

use std::fmt;

#[cfg(feature = "reload")]
use crate::layer::ReplacedPolicy;
use crate::layer::{Denied, LookupPanicked, RefusedOrigin, ReplacedGrant};
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
                f.write_str(". If the host is yours, name its origin in `served_at`; if a proxy set it, let it pass on the `Host`")
            }
            Denial::OriginNotAllowed => f.write_str(". If the page is yours, allow its origin"),
            // Of any other, such as `null`, there is nothing to allow.
            _ => Ok(()),
        }
    }
}

impl fmt::Display for LookupPanicked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "the look-up of a policy panicked, so nothing is granted to this request. Fix the function of `per_request` or \
             `per_request_async`",
        )
    }
}

impl fmt::Display for ReplacedGrant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "replaced the `Access-Control-Allow-Origin` that the service had set. If it comes from a `CorsLayer` whose policy is to \
             decide, give that request to it with `leave_to_inner`",
        )
    }
}

#[cfg(feature = "reload")]
impl fmt::Display for ReplacedPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "replaced the policy: {}", self.0)
    }
}
