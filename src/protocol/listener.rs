//! Who hears what the walk through the protocol finds, and what there is to hear.

use crate::header::HeaderProblem;
use crate::origin::{Nearest, OriginProblem};

/// Hears the walk. The walk is written once: nobody, somebody who wants to know the reason of a denial, and somebody who wants to
/// know every step listen to the same one.
pub(crate) trait Listener {
    /// Whether it hears facts at all: what is only looked up to be told is not looked up for nobody.
    const HEARS_FACTS: bool;

    /// Whether to find out why a request is denied, where nothing but a log depends on it: that takes longer than to refuse.
    fn wants_reason(&self) -> bool;

    /// Whether somebody answers by the decision. Where only its denial is wanted, nothing is written.
    fn wants_answer(&self) -> bool;

    /// What was found, and the bytes of the request that it is about. It is only put together for those who listen.
    fn hear(&mut self, outcome: Outcome, about: Option<&[u8]>, fact: impl FnOnce() -> Fact);
}

/// Who hears no more than the decision, which has the reason of a denial if it is wanted.
pub(crate) struct DecisionOnly {
    pub(crate) with_reason: bool,
    pub(crate) with_answer: bool,
}

impl Listener for DecisionOnly {
    const HEARS_FACTS: bool = false;

    #[inline]
    fn wants_reason(&self) -> bool {
        self.with_reason
    }

    #[inline]
    fn wants_answer(&self) -> bool {
        self.with_answer
    }

    #[inline]
    fn hear(&mut self, _: Outcome, _: Option<&[u8]>, _: impl FnOnce() -> Fact) {}
}

/// How a step of the protocol went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// It lets the request go on.
    Passed,
    /// It is why the browser will be refused.
    Failed,
    /// It decides nothing, but is good to know.
    Note,
}

/// What is found at a step.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Fact {
    /// There is an `Origin`.
    CorsRequest,
    NoOrigin {
        /// The response says `*` all the same.
        any: bool,
    },

    Preflight,
    /// `OPTIONS` without `Access-Control-Request-Method`.
    PlainOptions,
    NotPreflight,

    /// Which of several policies decides, counted from 1.
    PolicySelected {
        place: usize,
        count: usize,
        reason: Selection,
    },
    NoPolicy,

    SerializedOrigin,
    MalformedOrigin {
        text: String,
        /// `None` where it is not even ASCII.
        problem: Option<OriginProblem>,
    },
    SeveralOrigins {
        count: usize,
    },

    OriginAllowed(AllowedBy),
    NullOrigin,
    OriginNotAllowed {
        nearest: Option<Nearest>,
        has_predicate: bool,
    },
    /// The response says `*`.
    ReadableByAll,
    /// CORS does not apply.
    SameOrigin,
    /// `reject_disallowed_origins` is on.
    Rejected,

    /// The authority that the request was sent to is one of the service's own.
    OwnHost,
    /// It is not.
    ForeignHost {
        /// What the request was sent to, where that could be an origin.
        origin: Option<String>,
        /// The nearest of the service's own.
        nearest: Option<Nearest>,
    },
    NoHost,
    SeveralHosts {
        count: usize,
    },
    /// The request is rejected for its host.
    Misdirected,

    MethodSafelisted,
    MethodListed,
    AnyMethod,
    SeveralMethods,
    MalformedMethod(String),
    MethodTooLong {
        /// How many bytes are read.
        bytes: usize,
    },
    ForbiddenMethod(String),
    MethodInOtherCase {
        method: String,
        known: String,
    },
    MethodNotListed {
        method: String,
        /// A listed one that was probably meant.
        near: Option<String>,
        /// Whether any is listed.
        has_list: bool,
    },

    NoHeaders,
    HeadersAllowed,
    MalformedHeaders,
    TooManyHeaders {
        names: usize,
        bytes: usize,
    },
    /// It can never be allowed.
    HeaderRefused {
        name: String,
        problem: HeaderProblem,
    },
    AuthorizationNotListed,
    HeaderNotListed {
        name: String,
        /// A listed one that was probably meant.
        near: Option<String>,
    },

    /// Of a preflight.
    CredentialsAllowed(bool),
    /// Of a request that carries cookies, or does not.
    CredentialsRead {
        allowed: bool,
        has_cookies: bool,
    },
    /// Seconds.
    MaxAge(Option<u64>),
    /// The response headers that a page can read beside the safelisted ones; `None` is all.
    Exposed(Option<Vec<String>>),
}

/// Why one of several policies decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Selection {
    /// It is the first that allows the origin.
    AllowsOrigin,
    /// It is the last, and none allows the origin.
    NoneAllows,
    /// It is the last, and there is no origin.
    NoOrigin,
    /// It is the first that rejects the request for its host.
    ForeignHost,
}

/// The rule that allows an origin, as it is written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum AllowedBy {
    Any,
    Name,
    Pattern(String),
    Regex(String),
    Predicate,
    NullSwitch,
}

impl Fact {
    /// The step that it is found at: a stable id, what the standard calls it, and where.
    pub(crate) fn step(&self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::CorsRequest | Self::NoOrigin { .. } => {
                ("cors-request", "CORS request", "https://fetch.spec.whatwg.org/#cors-request")
            }
            Self::Preflight | Self::PlainOptions | Self::NotPreflight => (
                "cors-preflight-request",
                "CORS-preflight request",
                "https://fetch.spec.whatwg.org/#cors-preflight-request",
            ),
            Self::PolicySelected { .. } | Self::NoPolicy => {
                ("policy", "policy", "https://fetch.spec.whatwg.org/#http-cors-protocol")
            }
            Self::SerializedOrigin | Self::MalformedOrigin { .. } | Self::SeveralOrigins { .. } => {
                ("serialized-origin", "serialized origin", "https://fetch.spec.whatwg.org/#origin-header")
            }
            Self::OriginAllowed(_)
            | Self::NullOrigin
            | Self::OriginNotAllowed { .. }
            | Self::ReadableByAll
            | Self::SameOrigin => {
                ("allowed-origin", "allowed origin", "https://fetch.spec.whatwg.org/#cors-check")
            }
            Self::OwnHost | Self::ForeignHost { .. } | Self::NoHost | Self::SeveralHosts { .. } => {
                ("host", "host", "https://www.rfc-editor.org/rfc/rfc9110#section-7.4")
            }
            Self::Misdirected => {
                ("rejection", "rejection", "https://www.rfc-editor.org/rfc/rfc9110#section-15.5.20")
            }
            Self::Rejected => {
                ("rejection", "rejection", "https://www.rfc-editor.org/rfc/rfc9110#section-15.5.4")
            }
            Self::MethodSafelisted
            | Self::MethodListed
            | Self::AnyMethod
            | Self::SeveralMethods
            | Self::MalformedMethod(_)
            | Self::MethodTooLong { .. }
            | Self::ForbiddenMethod(_)
            | Self::MethodInOtherCase { .. }
            | Self::MethodNotListed { .. } => (
                "requested-method",
                "requested method",
                "https://fetch.spec.whatwg.org/#cors-preflight-fetch",
            ),
            Self::NoHeaders
            | Self::HeadersAllowed
            | Self::MalformedHeaders
            | Self::TooManyHeaders { .. }
            | Self::HeaderRefused { .. }
            | Self::AuthorizationNotListed
            | Self::HeaderNotListed { .. } => (
                "requested-headers",
                "requested headers",
                "https://fetch.spec.whatwg.org/#cors-preflight-fetch",
            ),
            Self::CredentialsAllowed(_) | Self::CredentialsRead { .. } => (
                "credentials",
                "credentials",
                "https://fetch.spec.whatwg.org/#http-access-control-allow-credentials",
            ),
            Self::MaxAge(_) => {
                ("max-age", "max-age", "https://fetch.spec.whatwg.org/#http-access-control-max-age")
            }
            Self::Exposed(_) => (
                "response-headers",
                "response headers",
                "https://fetch.spec.whatwg.org/#http-access-control-expose-headers",
            ),
        }
    }
}
