//! How a fetch can fail, as data.

use std::error::Error;
use std::fmt::{Debug, Display};

use http::Method;

use super::unreadable::Unreadable;
use crate::browser::fetch::{Blocked, NetworkError};

/// Why there is no response. `E` is the error of the service.
///
/// A script sees the same `TypeError` for all of these. The reason is in the browser's console, and here.
#[derive(Debug)]
#[non_exhaustive]
pub enum FetchError<E> {
    /// The browser blocked the request or its response, because of the server's answer.
    Blocked(Blocked),
    /// From [`Browser::read_header`](crate::browser::Browser::read_header): there is a response, but the page cannot read the
    /// header.
    Unreadable(Unreadable),
    /// No browser would send this request: the test is wrong, not the server.
    Invalid(InvalidRequest),
    /// The service returned an error. A browser would report a lost connection.
    Service(E),
}

impl<E> FetchError<E> {
    /// The refusal, if the browser blocked the request.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// use http::{Request as HttpRequest, Response};
    /// use tower_cors::browser::{Browser, Reason, Request};
    ///
    /// // A service without CORS.
    /// let mut app = tower::service_fn(|_: HttpRequest<String>| async { Ok::<_, http::Error>(Response::new(())) });
    ///
    /// let mut page = Browser::at("https://app.example.com");
    /// let error = page.fetch(&mut app, Request::get("/")).await.unwrap_err();
    /// assert_eq!(error.blocked().map(|blocked| blocked.reason()), Some(&Reason::AllowOriginMissing));
    /// # }
    /// ```
    #[must_use]
    pub fn blocked(&self) -> Option<&Blocked> {
        match self {
            Self::Blocked(blocked) => Some(blocked),
            _ => None,
        }
    }
}

impl<E: Debug + Display> Error for FetchError<E> {}

impl<E> From<NetworkError<E>> for FetchError<E> {
    fn from(error: NetworkError<E>) -> Self {
        match error {
            NetworkError::Blocked(blocked) => Self::Blocked(blocked),
            NetworkError::Service(error) => Self::Service(error),
        }
    }
}

impl<E> From<Blocked> for FetchError<E> {
    fn from(blocked: Blocked) -> Self {
        Self::Blocked(blocked)
    }
}

impl<E> From<Unreadable> for FetchError<E> {
    fn from(unreadable: Unreadable) -> Self {
        Self::Unreadable(unreadable)
    }
}

impl<E> From<InvalidRequest> for FetchError<E> {
    fn from(invalid: InvalidRequest) -> Self {
        Self::Invalid(invalid)
    }
}

/// Why no browser would send a request. The mistake is in the test; a browser would throw a `TypeError`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidRequest {
    /// [`Browser::at`](crate::browser::Browser::at) was given something that is neither a URL nor `null`.
    Page(String),
    /// [`Browser::server`](crate::browser::Browser::server) was given something other than an `http:` or `https:` URL.
    Server(String),
    /// [`Browser::cookie`](crate::browser::Browser::cookie) was given something that cannot be in a `Cookie` header.
    Cookie(String),
    /// The URL cannot be parsed.
    Url(String),
    /// The URL is neither `http:` nor `https:`.
    Scheme(String),
    /// The URL contains a user name or a password.
    UrlCredentials(String),
    /// The method is not a token.
    Method(String),
    /// The method is `CONNECT`, `TRACE` or `TRACK`, which scripts cannot use.
    ForbiddenMethod(Method),
    /// A header's name is not a token, or its value has bytes that no header value can have.
    Header(String),
    /// A `GET` or a `HEAD` with a body.
    Body(Method),
}

impl Error for InvalidRequest {}
