//! Why a browser will be refused.

use http::header::ACCESS_CONTROL_REQUEST_HEADERS;

use crate::header::nth_requested;
use crate::request::RequestHead;

/// Why a browser will keep a response from the page, or will not send the request at all.
///
/// Log denials: the page itself learns only that its request failed. A denial is a few bytes and holds no text. A
/// [hook](crate::CorsLayer::on_denial) gets the request with it. Count denials by their [`kind`](Self::kind).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Denial {
    /// No rule of the policy allows the origin.
    OriginNotAllowed,
    /// The origin is `null`, which the policy does not allow.
    NullOrigin,
    /// The `Origin` is not a valid origin: it is empty, too long, not ASCII, or not in the form that browsers send.
    MalformedOrigin,
    /// There is more than one `Origin` line.
    SeveralOrigins,
    /// The request was sent to a host that is not the service's own, or it names no host, or two. The cause is a proxy that changes
    /// the `Host`, or DNS rebinding. See [`served_at`](crate::CorsPolicyBuilder::served_at).
    ForeignHost,
    /// The policy does not list the requested method. Case matters.
    MethodNotAllowed,
    /// The requested method is `CONNECT`, `TRACE` or `TRACK`, which pages cannot use.
    ForbiddenMethod,
    /// The `Access-Control-Request-Method` is not a method, or there is more than one.
    MalformedMethod,
    /// The `Access-Control-Request-Method` is longer than 64 bytes, and the policy does not list it.
    MethodTooLong,
    /// The policy allows one of the requested headers neither by name nor by prefix. [`header`](Self::header) returns its name.
    #[non_exhaustive]
    HeaderNotAllowed {
        /// The place of the first such header among the requested names, counted from 0.
        nth: u32,
    },
    /// `Authorization` is requested, and the policy allows any header. That does not cover `Authorization`.
    AuthorizationNotListed,
    /// A part of `Access-Control-Request-Headers` is not a header name.
    MalformedHeaders,
    /// `Access-Control-Request-Headers` has more names or bytes than the policy reads. The limits grow with `allow_headers`.
    TooManyHeaders,
    /// No policy applies to the request: the look-up of [`per_request`](crate::CorsLayer::per_request) found none, or the list of
    /// policies is empty.
    NoPolicy,
    /// A look-up panicked: of a policy in [`per_request`](crate::CorsLayer::per_request) or
    /// [`per_request_async`](crate::CorsLayer::per_request_async), or of an origin in
    /// [`origin_lookup`](crate::CorsLayer::origin_lookup). It has a bug, or its timers lack a runtime.
    LookupPanicked,
}

impl Denial {
    /// A stable name, for metrics.
    ///
    /// ```
    /// assert_eq!(tower_cors::Denial::OriginNotAllowed.kind(), "origin-not-allowed");
    /// ```
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::OriginNotAllowed => "origin-not-allowed",
            Self::NullOrigin => "null-origin",
            Self::MalformedOrigin => "malformed-origin",
            Self::SeveralOrigins => "several-origins",
            Self::ForeignHost => "foreign-host",
            Self::MethodNotAllowed => "method-not-allowed",
            Self::ForbiddenMethod => "forbidden-method",
            Self::MalformedMethod => "malformed-method",
            Self::MethodTooLong => "method-too-long",
            Self::HeaderNotAllowed { .. } => "header-not-allowed",
            Self::AuthorizationNotListed => "authorization-not-listed",
            Self::MalformedHeaders => "malformed-headers",
            Self::TooManyHeaders => "too-many-headers",
            Self::NoPolicy => "no-policy",
            Self::LookupPanicked => "lookup-panicked",
        }
    }

    /// The builder's method whose rule the request failed, which is also the field of a configuration file.
    ///
    /// `None` without a policy.
    ///
    /// ```
    /// assert_eq!(tower_cors::Denial::AuthorizationNotListed.field(), Some("allow_headers"));
    /// ```
    #[must_use]
    pub fn field(&self) -> Option<&'static str> {
        match self {
            Self::OriginNotAllowed | Self::NullOrigin | Self::MalformedOrigin | Self::SeveralOrigins => {
                Some("allow_origins")
            }
            Self::ForeignHost => Some("served_at"),
            Self::MethodNotAllowed | Self::ForbiddenMethod | Self::MalformedMethod | Self::MethodTooLong => {
                Some("allow_methods")
            }
            Self::HeaderNotAllowed { .. }
            | Self::AuthorizationNotListed
            | Self::MalformedHeaders
            | Self::TooManyHeaders => Some("allow_headers"),
            Self::NoPolicy | Self::LookupPanicked => None,
        }
    }

    /// The first requested header that is not allowed, as the request spells it; `authorization` is always in lower case. `request`
    /// is the denied request.
    ///
    /// `None` if the denial is not about one header. The name is a token, so a log needs no escaping. But the sender of the request
    /// chose the name and its length.
    ///
    /// ```
    /// use http::Request;
    /// use tower_cors::CorsPolicy;
    ///
    /// let policy = CorsPolicy::builder().allow_origin("https://app.example.com").allow_headers(["x-a"]).build()?;
    /// let request = Request::options("/items")
    ///     .header("origin", "https://app.example.com")
    ///     .header("access-control-request-method", "GET")
    ///     .header("access-control-request-headers", "x-a,x-b,x-c")
    ///     .body(())?;
    ///
    /// let decision = policy.decide(&request);
    /// let denial = decision.denial().expect("`x-b` is not listed");
    /// assert_eq!(denial.header(&request), Some("x-b"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn header<'r>(&self, request: impl Into<RequestHead<'r>>) -> Option<&'r str> {
        match *self {
            Self::HeaderNotAllowed { nth } => {
                nth_requested(request.into().headers().get_all(ACCESS_CONTROL_REQUEST_HEADERS), nth)
            }
            Self::AuthorizationNotListed => Some("authorization"),
            _ => None,
        }
    }
}
