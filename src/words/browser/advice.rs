//! What to change after a refusal: on the server, or in the page.

use std::fmt;

use crate::browser::{Reason, Refusal};

/// What to change.
pub(super) struct Advice<'a>(pub(super) &'a Refusal);

impl fmt::Display for Advice<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(refusal) = self;
        let origin = &refusal.origin;
        match &refusal.reason {
            Reason::AllowOriginMissing | Reason::AllowOriginMismatch { .. } if origin == "null" => {
                f.write_str(null_advice(refusal))
            }
            Reason::AllowOriginMissing if refusal.status.is_success() => {
                write!(
                    f,
                    "Add `{origin}` to the allowed origins, or put the CORS layer in front of this route"
                )
            }
            Reason::AllowOriginMissing => write!(
                f,
                "Add `{origin}` to the allowed origins. If it is there, something in front of the CORS layer \
                 answered (authentication, a limit, the router): make the layer the outermost one"
            ),
            Reason::AllowOriginMismatch { value } if value.contains(',') => {
                f.write_str("Two layers, or a layer and the service, set it: let one of them do so")
            }
            Reason::AllowOriginMismatch { value } if value.trim_end_matches('/') == origin => {
                write!(f, "An origin ends without a slash: answer `{origin}`")
            }
            Reason::AllowOriginMismatch { .. } => write!(
                f,
                "Add `{origin}` to the allowed origins, and answer each origin with itself (with `Vary: Origin`, \
                 or a cache mixes them up)"
            ),
            Reason::AllowOriginWildcard => write!(
                f,
                "List `{origin}` among the allowed origins instead, or send the request without credentials"
            ),
            Reason::AllowCredentials { .. } => {
                f.write_str("Allow credentials (`Access-Control-Allow-Credentials: true`), in preflights too")
            }
            Reason::PreflightStatus { status } if status.is_redirection() => f.write_str(
                "Answer `OPTIONS` in the CORS layer, before anything redirects (to `https`, to a slash, to a \
                 login)",
            ),
            Reason::PreflightStatus { .. } => f.write_str(
                "Preflights come without credentials: answer `OPTIONS` in the CORS layer, in front of \
                 authentication and the router",
            ),
            Reason::MalformedList { name, .. } => {
                write!(f, "Separate the names in `{name}` with commas, and leave everything else out")
            }
            Reason::MethodNotAllowed { method, .. } if method.as_str() == "patch" => f.write_str(
                "Browsers send `patch` as it is, and methods are case-sensitive: have the page send `PATCH`",
            ),
            Reason::MethodNotAllowed { method, .. } => {
                write!(f, "Add `{method}` to the allowed methods (`Access-Control-Allow-Methods`)")
            }
            Reason::HeaderNotAllowed { name, .. } => {
                write!(f, "Add `{name}` to the allowed headers (`Access-Control-Allow-Headers`)")
            }
            Reason::RedirectMode => f.write_str("Have the page ask for the URL that the redirect leads to"),
            Reason::TooManyRedirects => f.write_str("Look for a loop"),
            Reason::RedirectLocation { .. } => f.write_str("Send one `Location`, which is a URL"),
            Reason::RedirectScheme { .. } => f.write_str("Redirect to an `https:` URL"),
            Reason::RedirectCredentials => f.write_str("Leave them out of `Location`"),
        }
    }
}

/// The advice where the origin is `null`, which no server should allow.
fn null_advice(refusal: &Refusal) -> &'static str {
    if refusal.page == "null" {
        "A page with an opaque origin (a sandboxed frame, a local file) should not be allowed: serve it \
         from an origin of its own"
    } else {
        "A redirect from one foreign origin to another makes the origin `null`: have the page ask for the \
         URL that the redirect leads to"
    }
}
