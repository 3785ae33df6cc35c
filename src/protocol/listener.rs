//! Listeners to the walk through the protocol, and the facts that they hear.

use crate::header::HeaderProblem;
use crate::origin::{Nearest, OriginProblem};

/// Listens to the walk. The walk is written once, for those who want only the decision, the reason of a denial, or every step.
pub(crate) trait Listener {
    /// Whether it hears facts at all. If not, the walk does not look up what is only of interest as a fact.
    const HEARS_FACTS: bool;

    /// Whether the decision needs an answer. If only its denial is wanted, no answer is written.
    const WANTS_ANSWER: bool = true;

    /// Whether to find out why a request is denied, if only a log needs it: that takes longer than to refuse.
    fn wants_reason(&self) -> bool;

    /// Receives a fact, and the bytes of the request that it is about. The fact is only made if the listener calls `fact`.
    fn hear(&mut self, outcome: Outcome, about: Option<&[u8]>, fact: impl FnOnce() -> Fact);
}

/// A listener that wants only the decision, with or without the reason of a denial.
pub(crate) struct DecisionOnly {
    pub(crate) with_reason: bool,
}

impl Listener for DecisionOnly {
    const HEARS_FACTS: bool = false;

    #[inline]
    fn wants_reason(&self) -> bool {
        self.with_reason
    }

    #[inline]
    fn hear(&mut self, _: Outcome, _: Option<&[u8]>, _: impl FnOnce() -> Fact) {}
}

/// How a step of the protocol went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// The request may go on.
    Passed,
    /// The browser will be refused because of this step.
    Failed,
    /// Information only: the step decides nothing.
    Note,
}

/// What a step found.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Fact {
    /// There is an `Origin`.
    CorsRequest,
    NoOrigin {
        /// Whether the response says `*` anyway.
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
        /// `None` if it is not UTF-8.
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

    /// The request was sent to one of the service's own authorities.
    OwnHost,
    /// The request was sent to another authority.
    ForeignHost {
        /// The origin that the request was sent to, if its authority can be part of one.
        origin: Option<String>,
        /// The nearest of the service's own origins.
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
        /// A listed method that was probably meant.
        near: Option<String>,
        /// Whether any method is listed.
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
        /// A listed header that was probably meant.
        near: Option<String>,
    },

    /// For a preflight.
    CredentialsAllowed(bool),
    /// For any other request.
    CredentialsRead {
        allowed: bool,
        has_cookies: bool,
    },
    /// Seconds.
    MaxAge(Option<u64>),
    /// The response headers that a page can read besides the safelisted ones; `None` is all.
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
    /// The step that found the fact: a stable id, its name in the standard, and a link.
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
