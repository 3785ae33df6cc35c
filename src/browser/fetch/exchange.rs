//! A request and its response, as they go over the wire.

use http::{HeaderMap, Method, StatusCode};

/// A request that the browser sent, and its response, with all headers, as in a browser's network panel.
///
/// [`Browser::log`](crate::browser::Browser::log) returns the exchanges of the last fetch.
#[derive(Debug, Clone)]
pub struct Exchange {
    pub(super) is_preflight: bool,
    pub(super) method: Method,
    pub(super) url: String,
    pub(super) request_headers: HeaderMap,
    pub(super) status: StatusCode,
    pub(super) response_headers: HeaderMap,
}

impl Exchange {
    /// Whether this is a CORS-preflight request: an `OPTIONS` request that the browser sends on its own.
    #[must_use]
    pub fn is_preflight(&self) -> bool {
        self.is_preflight
    }

    /// The method that was sent: `OPTIONS` for a preflight.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The URL, absolute and without its fragment.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// All headers of the request, including those that the browser sets.
    #[must_use]
    pub fn request_headers(&self) -> &HeaderMap {
        &self.request_headers
    }

    /// The status of the response.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// All headers of the response, including those that the page cannot read.
    #[must_use]
    pub fn response_headers(&self) -> &HeaderMap {
        &self.response_headers
    }
}
