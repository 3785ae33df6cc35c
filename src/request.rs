//! The part of a request that a policy sees.

use http::{Extensions, HeaderMap, Method, Request, Uri, request::Parts};

/// The head of a request, borrowed: its method, URI, headers and extensions, never its body.
///
/// Decisions, predicates and hooks all take this type, so none of them depends on the body's type.
///
/// ```
/// use tower_cors::RequestHead;
///
/// let request = http::Request::get("/v1/items").header("origin", "https://app.example.com").body(())?;
/// let head = RequestHead::from(&request);
/// assert_eq!(head.method(), "GET");
/// assert_eq!(head.headers()["origin"], "https://app.example.com");
/// # Ok::<(), http::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct RequestHead<'a> {
    method: &'a Method,
    uri: &'a Uri,
    headers: &'a HeaderMap,
    extensions: &'a Extensions,
}

impl<'a> RequestHead<'a> {
    /// The request's method.
    #[must_use]
    pub fn method(self) -> &'a Method {
        self.method
    }

    /// The request's target. Over HTTP/2 its authority is the `:authority` pseudo-header.
    #[must_use]
    pub fn uri(self) -> &'a Uri {
        self.uri
    }

    /// The request's headers.
    #[must_use]
    pub fn headers(self) -> &'a HeaderMap {
        self.headers
    }

    /// The request's extensions, with what outer layers have added.
    #[must_use]
    pub fn extensions(self) -> &'a Extensions {
        self.extensions
    }
}

impl<'a, B> From<&'a Request<B>> for RequestHead<'a> {
    fn from(request: &'a Request<B>) -> Self {
        Self {
            method: request.method(),
            uri: request.uri(),
            headers: request.headers(),
            extensions: request.extensions(),
        }
    }
}

impl<'a> From<&'a Parts> for RequestHead<'a> {
    fn from(parts: &'a Parts) -> Self {
        Self {
            method: &parts.method,
            uri: &parts.uri,
            headers: &parts.headers,
            extensions: &parts.extensions,
        }
    }
}
