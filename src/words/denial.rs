//! Why a browser will be refused, in a sentence.

use std::fmt;

use crate::protocol::Denial;

impl fmt::Display for Denial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OriginNotAllowed => "the policy does not allow the origin",
            Self::NullOrigin => {
                "the policy does not allow the origin `null`, which sandboxed and redirected pages send"
            }
            Self::MalformedOrigin => "the `Origin` header is not a valid origin",
            Self::SeveralOrigins => "the request has more than one `Origin` header",
            Self::ForeignHost => "the request was sent to a host that is not in `served_at`",
            Self::MethodNotAllowed => "the policy does not allow the requested method",
            Self::ForbiddenMethod => "no page may use the requested method",
            Self::MalformedMethod => "`Access-Control-Request-Method` is not exactly one method",
            Self::MethodTooLong => {
                "`Access-Control-Request-Method` is longer than any method that the policy could allow"
            }
            Self::HeaderNotAllowed { .. } => "the policy does not allow a requested header",
            Self::AuthorizationNotListed => "`Authorization` must be listed by name; `*` does not cover it",
            Self::MalformedHeaders => "`Access-Control-Request-Headers` is not a list of header names",
            Self::TooManyHeaders => {
                "`Access-Control-Request-Headers` is longer than any list that the policy could allow"
            }
            Self::NoPolicy => "no policy applies to the request",
            Self::LookupPanicked => "a look-up panicked, so nothing is granted",
        })
    }
}
