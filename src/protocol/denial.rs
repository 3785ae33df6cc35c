//! Why a browser will be refused.

/// Why a browser will keep a response from the page that asked for it, or will not send the request at all.
///
/// A denial is what to log: the page itself is only told that it failed. It is a small constant; what was asked for is in
/// the request, which a [hook](crate::CorsLayer::on_denial) gets with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Denial {
    /// No rule of the policy allows the origin.
    OriginNotAllowed,
    /// The origin is `null`, which the policy does not allow.
    NullOrigin,
    /// The `Origin` is no serialized origin: empty, too long, not ASCII, in another spelling than browsers use.
    MalformedOrigin,
    /// There is more than one `Origin` line.
    SeveralOrigins,
    /// The policy does not list the requested method, to the letter.
    MethodNotAllowed,
    /// The requested method is `CONNECT`, `TRACE` or `TRACK`, which no page can use.
    ForbiddenMethod,
    /// The `Access-Control-Request-Method` is no method, or there is more than one.
    MalformedMethod,
    /// The `Access-Control-Request-Method` is longer than 64 bytes, and the policy does not list it.
    MethodTooLong,
    /// The policy allows one of the requested headers neither by name nor by prefix.
    HeaderNotAllowed,
    /// `Authorization` is requested; the policy allows any header, which does not cover this one.
    AuthorizationNotListed,
    /// A part of `Access-Control-Request-Headers` is not a header name.
    MalformedHeaders,
    /// `Access-Control-Request-Headers` is longer than any list that the policy could allow.
    TooManyHeaders,
    /// No policy applies to the request: a look-up of [`per_request`](crate::CorsLayer::per_request) found none, or a list
    /// of policies is empty.
    NoPolicy,
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
            Self::MethodNotAllowed => "method-not-allowed",
            Self::ForbiddenMethod => "forbidden-method",
            Self::MalformedMethod => "malformed-method",
            Self::MethodTooLong => "method-too-long",
            Self::HeaderNotAllowed => "header-not-allowed",
            Self::AuthorizationNotListed => "authorization-not-listed",
            Self::MalformedHeaders => "malformed-headers",
            Self::TooManyHeaders => "too-many-headers",
            Self::NoPolicy => "no-policy",
        }
    }

    /// The builder's method, which is also the field of a configuration file, that the request failed.
    ///
    /// `None` where there was no policy to fail.
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
            Self::MethodNotAllowed | Self::ForbiddenMethod | Self::MalformedMethod | Self::MethodTooLong => {
                Some("allow_methods")
            }
            Self::HeaderNotAllowed
            | Self::AuthorizationNotListed
            | Self::MalformedHeaders
            | Self::TooManyHeaders => Some("allow_headers"),
            Self::NoPolicy => None,
        }
    }
}
