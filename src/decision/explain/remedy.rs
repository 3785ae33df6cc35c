//! What would mend a failure.

use std::fmt;

use crate::quoted::Quoted;

/// A change that mends one failed [`Step`](crate::Step): of the policy, or of what the page sends. Its `Display` says what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Remedy {
    /// The policy: [`allow_origin`](crate::CorsPolicyBuilder::allow_origin) with this origin.
    AllowOrigin(String),
    /// The page: serve it at this origin, as a policy like this one may not allow the one that it has; and the policy:
    /// [`allow_origin`](crate::CorsPolicyBuilder::allow_origin) with it.
    MoveTo(String),
    /// The policy: [`dangerously_allow_null_origin`](crate::CorsPolicyBuilder::dangerously_allow_null_origin), which lets the
    /// sandboxed frames of every web site in.
    AllowNullOrigin,
    /// The page: it needs an origin that the policy allows. Serve it over http or https instead of `file:` or `data:`, give its
    /// frame `allow-same-origin`, and send its requests where they are not redirected from one origin to another.
    GiveOrigin,
    /// The client or a proxy: exactly one `Origin` line.
    SendOneOrigin,
    /// The client: an `Origin` as browsers spell it; this one was probably meant.
    RespellOrigin(Option<String>),
    /// The policy: [`allow_methods`](crate::CorsPolicyBuilder::allow_methods) with this method.
    AllowMethod(String),
    /// The page: this spelling of the method.
    RespellMethod(String),
    /// The page: exactly one method, and one that pages may use.
    UseAnotherMethod,
    /// The policy: [`allow_headers`](crate::CorsPolicyBuilder::allow_headers) with this name.
    AllowHeader(String),
    /// The page: not this header, which no policy can allow.
    LeaveOutHeader(String),
    /// The client: a list of header names.
    SendHeaderNames,
    /// The page: fewer headers of its own.
    SendFewerHeaders {
        /// How many the policy reads, over all lines.
        names: usize,
        /// How many bytes it reads.
        bytes: usize,
    },
    /// The server: a policy for this request, in the list or from the look-up.
    FindPolicy,
}

impl Remedy {
    /// A stable name, for programs.
    ///
    /// ```
    /// assert_eq!(tower_cors::Remedy::AllowMethod("PUT".to_owned()).kind(), "allow-method");
    /// ```
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::AllowOrigin(_) => "allow-origin",
            Self::MoveTo(_) => "move-to",
            Self::AllowNullOrigin => "allow-null-origin",
            Self::GiveOrigin => "give-origin",
            Self::SendOneOrigin => "send-one-origin",
            Self::RespellOrigin(_) => "respell-origin",
            Self::AllowMethod(_) => "allow-method",
            Self::RespellMethod(_) => "respell-method",
            Self::UseAnotherMethod => "use-another-method",
            Self::AllowHeader(_) => "allow-header",
            Self::LeaveOutHeader(_) => "leave-out-header",
            Self::SendHeaderNames => "send-header-names",
            Self::SendFewerHeaders { .. } => "send-fewer-headers",
            Self::FindPolicy => "find-policy",
        }
    }

    /// The origin, method or header that the change is about, if there is one. It is as the request has it: escape it before it
    /// is shown.
    #[must_use]
    pub fn value(&self) -> Option<&str> {
        match self {
            Self::AllowOrigin(value)
            | Self::MoveTo(value)
            | Self::AllowMethod(value)
            | Self::RespellMethod(value)
            | Self::AllowHeader(value)
            | Self::LeaveOutHeader(value) => Some(value),
            Self::RespellOrigin(value) => value.as_deref(),
            _ => None,
        }
    }
}

impl fmt::Display for Remedy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AllowOrigin(origin) => write!(f, "add {} to `allow_origins`", Quoted(origin)),
            Self::MoveTo(origin) => {
                let origin = Quoted(origin);
                write!(f, "serve the page at {origin}, and add {origin} to `allow_origins`")
            }
            Self::AllowNullOrigin => f.write_str(
                "use `dangerously_allow_null_origin`, if the sandboxed frames of every web site are welcome",
            ),
            Self::GiveOrigin => f.write_str(
                "give the page an origin that the policy allows: serve it over https, let its frame have \
                 `allow-same-origin`, and do not redirect its requests to another origin",
            ),
            Self::SendOneOrigin => {
                f.write_str("send exactly one `Origin` line: a client or a proxy has added another one")
            }
            Self::RespellOrigin(Some(origin)) => write!(f, "send {} as `Origin`", Quoted(origin)),
            Self::RespellOrigin(None) => {
                f.write_str("send an `Origin` as browsers do, such as `https://app.example.com`")
            }
            Self::AllowMethod(method) => write!(f, "add {} to `allow_methods`", Quoted(method)),
            Self::RespellMethod(method) => write!(f, "let the page ask for {}", Quoted(method)),
            Self::UseAnotherMethod => {
                f.write_str("let the page ask for exactly one method that pages may use, such as `POST`")
            }
            Self::AllowHeader(name) => write!(f, "add {} to `allow_headers`", Quoted(name)),
            Self::LeaveOutHeader(name) => write!(f, "let the page leave out {}", Quoted(name)),
            Self::SendHeaderNames => {
                f.write_str("send a list of header names in `Access-Control-Request-Headers`, as browsers do")
            }
            Self::SendFewerHeaders { names, bytes } => {
                write!(f, "let the page send at most {names} headers of its own, with {bytes} bytes of names")
            }
            Self::FindPolicy => {
                f.write_str("let the look-up find a policy for this request, or put one into the list")
            }
        }
    }
}
