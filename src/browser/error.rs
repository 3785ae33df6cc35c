//! What can become of a fetch instead of a response.

use http::Method;
use thiserror::Error;

use super::blocked::Blocked;
use super::response::Unreadable;

/// Why there is no response. `E` is the error of the service.
///
/// To a script, all of these are one and the same `TypeError`. The reason is in the browser's console, and here.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FetchError<E> {
    /// The browser blocked the request or its response, because of what the server answered.
    #[error(transparent)]
    Blocked(#[from] Blocked),
    /// From [`Browser::read_header`](super::Browser::read_header): there is a response, but the page cannot read the
    /// header.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// No browser would send this request: the test is wrong, not the server.
    #[error(transparent)]
    Invalid(#[from] InvalidRequest),
    /// The service failed, which a browser takes for a lost connection.
    #[error("the service failed: {0}")]
    Service(E),
}

impl<E> FetchError<E> {
    /// The refusal, if this is one.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// use http::{Request as HttpRequest, Response};
    /// use tower_cors::browser::{Browser, Reason, Request};
    ///
    /// // A service that knows nothing of CORS.
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

/// Why no browser would send a request. Mistakes of the test, which a browser throws a `TypeError` for.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum InvalidRequest {
    /// [`Browser::at`](super::Browser::at) was given something that is neither a URL nor `null`.
    #[error("`{0}` is no page: give its URL or its origin, such as `https://app.example.com`, or `null`")]
    Page(String),
    /// [`Browser::server`](super::Browser::server) was given something that is no `http:` or `https:` URL.
    #[error("`{0}` is no server: give its origin, such as `https://api.example.com`")]
    Server(String),
    /// [`Browser::cookie`](super::Browser::cookie) was given something that cannot be in a `Cookie` header.
    #[error("`{0}` is no cookie: give a name and a value, such as `session=1`")]
    Cookie(String),
    /// The URL cannot be parsed. This model takes no Unicode in a host: write the punycode form.
    #[error("`{0}` is no URL that this browser can read")]
    Url(String),
    /// The URL is neither `http:` nor `https:`.
    #[error("a page can fetch `http:` and `https:` URLs only, not `{0}:`")]
    Scheme(String),
    /// The URL contains a user name or a password.
    #[error(
        "`{0}` was given with a user name or a password, which `fetch()` refuses: send `Authorization` instead"
    )]
    UrlCredentials(String),
    /// The method is no token.
    #[error("not a method: {0}")]
    Method(String),
    /// The method is `CONNECT`, `TRACE` or `TRACK`, which scripts cannot use.
    #[error("scripts cannot use the method `{0}`")]
    ForbiddenMethod(Method),
    /// A header's name is no token, or its value has bytes that no value can have.
    #[error("not a header: {0}")]
    Header(String),
    /// A `GET` or a `HEAD` with a body.
    #[error("a `{0}` request has no body")]
    Body(Method),
}
