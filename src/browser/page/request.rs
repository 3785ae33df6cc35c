//! A script's request: the arguments of `fetch()`.

use std::fmt;
use std::sync::Arc;

use http::{HeaderName, HeaderValue, Method};

use super::error::InvalidRequest;
use crate::browser::fetch::{BodySource, Credentials, Redirect};

/// A request as a script makes it with `fetch(url, { method, headers, ... })`, in the mode "cors", the default.
///
/// ```
/// use tower_cors::browser::{Credentials, Request};
///
/// let request = Request::put("/v1/items/1?force=1")
///     .header("content-type", "application/json")
///     .credentials(Credentials::Include)
///     .text(r#"{"name":"pen"}"#);
/// # let _ = request;
/// ```
///
/// Nothing is checked here. [`Browser::fetch`](crate::browser::Browser::fetch) returns an [`InvalidRequest`] where a browser
/// throws a `TypeError`.
///
/// # The body
///
/// `B` is the type of the body that the service receives: the app is a `Service<http::Request<B>>`. A request starts
/// without a body and with `B = String`, which works for every service that is generic over its body, such as an
/// `axum::Router`. For a service with one type of body, choose that type:
///
/// | The service takes | A request without body | A request with a body |
/// |---|---|---|
/// | any `http_body::Body`, `String` | `Request::get(url)` | `.text("...")` or `.body(String::from("..."))` |
/// | `http_body_util::Full<Bytes>` | `.no_body()` | `.body(Full::from("..."))` |
/// | `http_body_util::Empty<Bytes>`, `()` | `.no_body()` | |
/// | `axum::body::Body` | `.no_body()` | `.body_with(\|\| Body::from("..."))` |
///
/// `B` must implement [`Default`]: the empty body of a preflight, and of a request after a redirect that drops the body. The
/// body is made again for each redirect: cloned, or by a closure, since some types, such as axum's, do not implement
/// `Clone`.
pub struct Request<B = String> {
    pub(super) head: Head,
    pub(super) body: Option<BodySource<B>>,
}

/// A request without its body.
#[derive(Debug, Clone)]
pub(super) struct Head {
    pub(super) method: Method,
    pub(super) url: String,
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    /// The `Content-Type` that comes with the body, unless a header sets another.
    pub(super) body_type: Option<HeaderValue>,
    pub(super) credentials: Credentials,
    pub(super) redirect: Redirect,
    pub(super) use_cors_preflight: bool,
    /// The first mistake among the arguments so far.
    pub(super) mistake: Option<InvalidRequest>,
}

impl Request {
    /// A `GET` of `url`, which may be relative to the server's root: see
    /// [`Browser::server`](crate::browser::Browser::server).
    #[must_use]
    pub fn get(url: impl Into<String>) -> Self {
        Self::new(Method::GET, url)
    }

    /// A `HEAD` of `url`.
    #[must_use]
    pub fn head(url: impl Into<String>) -> Self {
        Self::new(Method::HEAD, url)
    }

    /// A `POST` to `url`.
    #[must_use]
    pub fn post(url: impl Into<String>) -> Self {
        Self::new(Method::POST, url)
    }

    /// A `PUT` to `url`.
    #[must_use]
    pub fn put(url: impl Into<String>) -> Self {
        Self::new(Method::PUT, url)
    }

    /// A `PATCH` to `url`.
    #[must_use]
    pub fn patch(url: impl Into<String>) -> Self {
        Self::new(Method::PATCH, url)
    }

    /// A `DELETE` of `url`.
    #[must_use]
    pub fn delete(url: impl Into<String>) -> Self {
        Self::new(Method::DELETE, url)
    }

    /// An `OPTIONS` of `url`, sent by the script. It is not a preflight, but it needs one.
    #[must_use]
    pub fn options(url: impl Into<String>) -> Self {
        Self::new(Method::OPTIONS, url)
    }

    /// Any method, as an `http::Method` or as text.
    ///
    /// It is normalized as in browsers: `delete` becomes `DELETE`, but `patch` stays `patch`.
    #[must_use]
    pub fn new<M>(method: M, url: impl Into<String>) -> Self
    where
        M: TryInto<Method>,
        M::Error: Into<http::Error>,
    {
        let method = method.try_into().map_err(|error| InvalidRequest::Method(error.into().to_string()));
        let (method, mistake) = match method {
            Ok(method) => (method, None),
            Err(mistake) => (Method::GET, Some(mistake)),
        };
        let head = Head {
            method,
            url: url.into(),
            headers: Vec::new(),
            body_type: None,
            credentials: Credentials::default(),
            redirect: Redirect::default(),
            use_cors_preflight: false,
            mistake,
        };
        Self { head, body: None }
    }
}

impl<B> Request<B> {
    /// Adds a header. As in browsers, a header that scripts may not set (`Cookie`, `Origin`, `Sec-*`) is silently dropped.
    #[must_use]
    pub fn header<N, V>(mut self, name: N, value: V) -> Self
    where
        N: TryInto<HeaderName>,
        N::Error: Into<http::Error>,
        V: TryInto<HeaderValue>,
        V::Error: Into<http::Error>,
    {
        let header = name.try_into().map_err(|error| error.into().to_string()).and_then(|name| {
            let value = value.try_into().map_err(|error| format!("{name}: {}", error.into()))?;
            Ok((name, value))
        });
        match header {
            Ok(header) => self.head.headers.push(header),
            Err(error) => {
                self.head.mistake.get_or_insert(InvalidRequest::Header(error));
            }
        }
        self
    }

    /// Sets the credentials mode: when cookies are sent with the request.
    #[must_use]
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.head.credentials = credentials;
        self
    }

    /// Sets the redirect mode: what happens at a redirect.
    #[must_use]
    pub fn redirect(mut self, redirect: Redirect) -> Self {
        self.head.redirect = redirect;
        self
    }

    /// Sets Fetch's use-CORS-preflight flag: the request needs a preflight, whatever its method and headers.
    ///
    /// Browsers set it when a script listens to the upload progress of an `XMLHttpRequest`, and when it streams a body.
    #[must_use]
    pub fn use_cors_preflight(mut self, use_cors_preflight: bool) -> Self {
        self.head.use_cors_preflight = use_cors_preflight;
        self
    }

    /// Sets a body, which is cloned each time it is sent. It does not set `Content-Type`.
    #[must_use]
    pub fn body<T: Clone + Send + Sync + 'static>(self, body: T) -> Request<T> {
        self.body_with(move || body.clone())
    }

    /// Sets a body that a closure makes each time it is sent, for types without `Clone`. It does not set `Content-Type`.
    #[must_use]
    pub fn body_with<T>(self, make: impl Fn() -> T + Send + Sync + 'static) -> Request<T> {
        Request { head: Head { body_type: None, ..self.head }, body: Some(Arc::new(make)) }
    }

    /// Sets a string as the body. As in browsers, it comes with `Content-Type: text/plain;charset=UTF-8`, unless a header
    /// sets another.
    #[must_use]
    pub fn text(self, text: impl Into<String>) -> Request {
        let mut request = self.body(text.into());
        request.head.body_type = Some(HeaderValue::from_static("text/plain;charset=UTF-8"));
        request
    }

    /// Removes the body, for a service that takes bodies of type `T`. `T` is inferred from the service.
    #[must_use]
    pub fn no_body<T>(self) -> Request<T> {
        Request { head: Head { body_type: None, ..self.head }, body: None }
    }
}

impl<B> Clone for Request<B> {
    fn clone(&self) -> Self {
        Self { head: self.head.clone(), body: self.body.clone() }
    }
}

impl<B> fmt::Debug for Request<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request").field("head", &self.head).field("has_body", &self.body.is_some()).finish()
    }
}
