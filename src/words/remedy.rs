//! What to do about a failure.

use std::fmt;

use crate::explain::Remedy;
use crate::quoted::Quoted;

impl fmt::Display for Remedy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ServePageAt(origin) => {
                write!(f, "serve the page from {}, which is allowed", Quoted(origin))
            }
            Self::UseAllowedOrigin => f.write_str("serve the page from an origin that the policy allows"),
            Self::AllowOrigin(origin) => {
                write!(f, "if this page is yours, add {} to `allow_origins`", Quoted(origin))
            }
            Self::ServeAndAllow(origin) => {
                let origin = Quoted(origin);
                write!(
                    f,
                    "if this page is yours, serve it from {origin}, and add {origin} to `allow_origins`"
                )
            }
            Self::AllowNullOrigin => f.write_str(
                "use `dangerously_allow_null_origin`, which allows sandboxed frames of every site",
            ),
            Self::GiveOrigin => f.write_str(
                "give the page an origin that the policy allows: serve it over https, give its frame \
                 `allow-same-origin`, and do not redirect its requests to another origin",
            ),
            Self::SendOneOrigin => {
                f.write_str("send exactly one `Origin` line: a client or a proxy adds a second one")
            }
            Self::RespellOrigin(Some(origin)) => write!(f, "send {} as `Origin`", Quoted(origin)),
            Self::RespellOrigin(None) => {
                f.write_str("send an `Origin` as browsers do, such as `https://app.example.com`")
            }
            Self::SendOwnHost(host) => {
                f.write_str("send one `Host` that is in `served_at`")?;
                if let Some(host) = host {
                    write!(f, ", such as {}", Quoted(host))?;
                }
                f.write_str(
                    ": a proxy must pass `Host` on unchanged, and a health check by IP address must set it",
                )
            }
            Self::ServeAt(origin) => {
                write!(
                    f,
                    "only if this host is yours, and users or programs call the service by it, add {} to `served_at`",
                    Quoted(origin)
                )
            }
            Self::AllowMethod(method) => write!(f, "add {} to `allow_methods`", Quoted(method)),
            Self::RespellMethod(method) => write!(f, "change the page's method to {}", Quoted(method)),
            Self::UseAnotherMethod => {
                f.write_str("change the page's method to exactly one that pages may use, such as `POST`")
            }
            Self::AllowHeader(name) => write!(f, "add {} to `allow_headers`", Quoted(name)),
            Self::RespellHeader { name, listed } => {
                write!(f, "change the page's header {} to {}", Quoted(name), Quoted(listed))
            }
            Self::LeaveOutHeader(name) => write!(f, "remove {} from the page's request", Quoted(name)),
            Self::SendHeaderNames => {
                f.write_str("send a list of header names in `Access-Control-Request-Headers`, as browsers do")
            }
            Self::SendFewerHeaders { names, bytes } => {
                write!(f, "send at most {names} custom headers from the page, with {bytes} bytes of names")
            }
            Self::FindPolicy => {
                f.write_str("make the look-up find a policy for this request, or add one to the list")
            }
        }
    }
}
