//! The kinds of request that are measured, with the headers that a browser sends.

use http::header::{
    ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD,
    HOST, HeaderMap, HeaderName, HeaderValue, ORIGIN, REFERER, USER_AGENT,
};
use http::{Method, Request, Uri};

use super::origins::{Random, UNLISTED, origin};

pub const PATH: &str = "/v1/items";

const USER: HeaderValue =
    HeaderValue::from_static("Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0");
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    NoOrigin,
    Allowed,
    Refused,
    /// A page's POST to its own server: it has an `Origin`, which no policy needs to list.
    SameOriginPost,
    PreflightAllowed,
    PreflightRefused,
}

impl Kind {
    /// All except the same-origin POST, which costs the same as a refused request.
    pub const COMPARED: [Self; 5] =
        [Self::NoOrigin, Self::Allowed, Self::Refused, Self::PreflightAllowed, Self::PreflightRefused];

    pub fn name(self) -> &'static str {
        match self {
            Self::NoOrigin => "no Origin",
            Self::Allowed => "allowed",
            Self::Refused => "refused",
            Self::SameOriginPost => "same-origin POST",
            Self::PreflightAllowed => "preflight allowed",
            Self::PreflightRefused => "preflight refused",
        }
    }

    pub fn is_allowed(self) -> bool {
        matches!(self, Self::Allowed | Self::PreflightAllowed)
    }

    fn is_preflight(self) -> bool {
        matches!(self, Self::PreflightAllowed | Self::PreflightRefused)
    }
}

/// Makes requests to a service that lists the first origins, in random order.
pub struct Requests {
    listed: u32,
    random: Random,
}

impl Requests {
    pub fn new(listed: u32) -> Self {
        Self { listed, random: Random::new(1) }
    }

    pub fn next<B: Default>(&mut self, kind: Kind) -> Request<B> {
        let number = self.random.below(self.listed);
        request(kind, &origin(if kind.is_allowed() { number } else { UNLISTED + number }))
    }
}

pub fn request<B: Default>(kind: Kind, origin: &str) -> Request<B> {
    let mut headers = HeaderMap::with_capacity(16);
    headers.insert(HOST, HeaderValue::from_static("api.example.net"));
    headers.insert(USER_AGENT, USER);
    headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
    headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static("en-US,en;q=0.5"));
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip, deflate, br, zstd"));
    headers.insert(REFERER, HeaderValue::from_static("https://app.example.net/"));
    if kind.is_preflight() {
        headers.insert(ACCESS_CONTROL_REQUEST_METHOD, HeaderValue::from_static("PUT"));
        headers
            .insert(ACCESS_CONTROL_REQUEST_HEADERS, HeaderValue::from_static("authorization,content-type"));
    }
    if kind != Kind::NoOrigin {
        let site = if kind == Kind::SameOriginPost { "same-origin" } else { "cross-site" };
        headers.insert(SEC_FETCH_SITE, HeaderValue::from_static(site));
        headers.insert(ORIGIN, as_received(origin));
    }
    let mut request = Request::new(B::default());
    *request.method_mut() = match kind {
        _ if kind.is_preflight() => Method::OPTIONS,
        Kind::SameOriginPost => Method::POST,
        _ => Method::GET,
    };
    *request.uri_mut() = Uri::from_static(PATH);
    *request.headers_mut() = headers;
    request
}

/// A value as from hyper: a slice of a shared buffer, so a clone is only one more reference. An owned value becomes shared
/// at its first clone, which allocates.
pub fn as_received(text: &str) -> HeaderValue {
    let value = HeaderValue::try_from(text).expect("a header value");
    drop(value.clone());
    value
}
