//! What a script asks for: the arguments of `fetch()`.

use std::fmt;
use std::sync::Arc;

use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method};

use super::check::quoted;
use super::error::InvalidRequest;
use super::headers::trim_tab_or_space;
use super::origin::Origin;
use super::state::State;
use super::url::{Url, UrlError};
use super::{forbidden, method};

/// Fetch's credentials mode: when cookies go with a request.
///
/// CORS makes a difference only between [`Include`](Self::Include) and the two others: with it, the server has to
/// answer `Access-Control-Allow-Credentials: true` and no wildcard counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Credentials {
    /// Never.
    Omit,
    /// To the page's own origin only. The default of `fetch()`.
    #[default]
    SameOrigin,
    /// Always. `withCredentials` of an `XMLHttpRequest`.
    Include,
}

/// Fetch's redirect mode: what becomes of a redirect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Redirect {
    /// It is followed, up to twenty times. The default of `fetch()`.
    #[default]
    Follow,
    /// It blocks the request.
    Error,
    /// It is the response, of which a script learns nothing: [`ResponseType::OpaqueRedirect`].
    ///
    /// [`ResponseType::OpaqueRedirect`]: super::ResponseType::OpaqueRedirect
    Manual,
}

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
/// Nothing is checked here. [`Browser::fetch`](super::Browser::fetch) refuses what a browser throws a `TypeError` for,
/// as [`InvalidRequest`].
///
/// # The body
///
/// `B` is the type of the body that the service receives: the app is a `Service<http::Request<B>>`. A request starts
/// without a body and with `B = String`, which every service takes that is generic over its body, an `axum::Router` for
/// one. For a service with one type of body, name it:
///
/// | The service takes | A request without body | A request with a body |
/// |---|---|---|
/// | any `http_body::Body`, `String` | `Request::get(url)` | `.text("...")` or `.body(String::from("..."))` |
/// | `http_body_util::Full<Bytes>` | `.no_body()` | `.body(Full::from("..."))` |
/// | `http_body_util::Empty<Bytes>`, `()` | `.no_body()` | |
/// | `axum::body::Body` | `.no_body()` | `.body_with(\|\| Body::from("..."))` |
///
/// `B` must have a [`Default`], an empty body: preflights have one, and so has a request whose body a redirect dropped.
/// A body is made anew for each redirect, from a clone or by a closure, since bodies such as axum's have no `Clone`.
pub struct Request<B = String> {
    head: Head,
    body: Option<Source<B>>,
}

/// Makes the body, as often as it is sent.
type Source<B> = Arc<dyn Fn() -> B + Send + Sync>;

/// All of a request but its body.
#[derive(Debug, Clone)]
struct Head {
    method: Method,
    url: String,
    headers: Vec<(HeaderName, HeaderValue)>,
    /// The `Content-Type` that comes with the body, unless a header says otherwise.
    body_type: Option<HeaderValue>,
    credentials: Credentials,
    redirect: Redirect,
    use_cors_preflight: bool,
    /// The first mistake among the arguments so far.
    mistake: Option<InvalidRequest>,
}

impl Request {
    /// A `GET` of `url`, which may be relative to the server's root: see [`Browser::server`](super::Browser::server).
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

    /// An `OPTIONS` of `url`, made by the script: no preflight, but needing one.
    #[must_use]
    pub fn options(url: impl Into<String>) -> Self {
        Self::new(Method::OPTIONS, url)
    }

    /// Any method, as an `http::Method` or as text.
    ///
    /// It is normalized as browsers do: `delete` is sent as `DELETE`, but `patch` as `patch`.
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
    /// Adds a header. One that is forbidden to scripts (`Cookie`, `Origin`, `Sec-*`) is dropped without a word, as
    /// browsers do.
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

    /// When cookies go with the request.
    #[must_use]
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.head.credentials = credentials;
        self
    }

    /// What becomes of a redirect.
    #[must_use]
    pub fn redirect(mut self, redirect: Redirect) -> Self {
        self.head.redirect = redirect;
        self
    }

    /// Sets Fetch's use-CORS-preflight flag: a preflight is needed whatever the method and the headers are.
    ///
    /// It is set where a script listens to the progress of an `XMLHttpRequest`'s upload, and where it streams a body.
    #[must_use]
    pub fn use_cors_preflight(mut self, use_cors_preflight: bool) -> Self {
        self.head.use_cors_preflight = use_cors_preflight;
        self
    }

    /// A body, which is cloned each time that it is sent. No `Content-Type` comes with it.
    #[must_use]
    pub fn body<T: Clone + Send + Sync + 'static>(self, body: T) -> Request<T> {
        self.body_with(move || body.clone())
    }

    /// A body that a closure makes each time that it is sent, for types without `Clone`. No `Content-Type` comes with
    /// it.
    #[must_use]
    pub fn body_with<T>(self, make: impl Fn() -> T + Send + Sync + 'static) -> Request<T> {
        Request { head: Head { body_type: None, ..self.head }, body: Some(Arc::new(make)) }
    }

    /// A string as the body, as a script passes one: with `Content-Type: text/plain;charset=UTF-8`, unless a header
    /// says otherwise.
    #[must_use]
    pub fn text(self, text: impl Into<String>) -> Request {
        let mut request = self.body(text.into());
        request.head.body_type = Some(HeaderValue::from_static("text/plain;charset=UTF-8"));
        request
    }

    /// No body, for a service that takes bodies of type `T`, which is inferred from the service.
    #[must_use]
    pub fn no_body<T>(self) -> Request<T> {
        Request { head: Head { body_type: None, ..self.head }, body: None }
    }

    /// Checks the arguments as the constructor of Fetch's `Request` does, and makes a request that can be sent.
    pub(super) fn into_parts(self, page: &str, server: &str) -> Result<Parts<B>, InvalidRequest> {
        let Self { head, body } = self;
        if let Some(mistake) = head.mistake {
            return Err(mistake);
        }
        let shown = |text: &str| quoted(text.as_bytes());
        let origin = Origin::of_page(page).ok_or_else(|| InvalidRequest::Page(shown(page)))?;
        let server = Url::parse(server, None).map_err(|_| InvalidRequest::Server(shown(server)))?;
        let root = Url::parse("/", Some(&server)).map_err(|_| InvalidRequest::Server(server.to_string()))?;
        let url = Url::parse(&head.url, Some(&root)).map_err(|error| match error {
            UrlError::Malformed => InvalidRequest::Url(shown(&head.url)),
            UrlError::Scheme(scheme) => InvalidRequest::Scheme(scheme),
        })?;
        if url.includes_credentials() {
            return Err(InvalidRequest::UrlCredentials(url.to_string()));
        }
        if method::is_forbidden(head.method.as_str()) {
            return Err(InvalidRequest::ForbiddenMethod(head.method));
        }
        let method = method::normalize(&head.method);
        if body.is_some() && (method == Method::GET || method == Method::HEAD) {
            return Err(InvalidRequest::Body(method));
        }
        let allowed = head.headers.into_iter();
        let allowed = allowed.filter(|(name, value)| !forbidden::is_request_header(name, value.as_bytes()));
        let mut headers = HeaderMap::new();
        for (name, value) in allowed {
            // Headers, "append", step 1: white space around a value goes.
            if let Ok(value) = HeaderValue::from_bytes(trim_tab_or_space(value.as_bytes())) {
                headers.append(name, value);
            }
        }
        if let (Some(body_type), false) = (head.body_type, headers.contains_key(CONTENT_TYPE)) {
            headers.insert(CONTENT_TYPE, body_type);
        }
        // Fetch, "fetch", step 12.
        if !headers.contains_key(ACCEPT) {
            headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
        }
        let state = State::new(origin, method, url, headers, head.credentials, head.use_cors_preflight);
        Ok(Parts { state, server: root, redirect: head.redirect, body })
    }
}

/// A request that can be sent.
pub(super) struct Parts<B> {
    pub(super) state: State,
    /// The root of the server under test.
    pub(super) server: Url,
    pub(super) redirect: Redirect,
    pub(super) body: Option<Source<B>>,
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

#[cfg(test)]
mod tests {
    use super::*;

    fn parts<B>(request: Request<B>) -> Result<Parts<B>, InvalidRequest> {
        request.into_parts("https://app.example.com", "https://api.example.com/base/")
    }

    fn mistake<B>(request: Request<B>) -> InvalidRequest {
        parts(request).err().unwrap()
    }

    #[test]
    fn urls_are_relative_to_the_root_of_the_server() {
        for (given, url) in [
            ("/v1", "https://api.example.com/v1"),
            ("v1?q", "https://api.example.com/v1?q"),
            ("", "https://api.example.com/"),
            ("http://other.example:3000/x#f", "http://other.example:3000/x"),
        ] {
            assert_eq!(parts(Request::get(given)).unwrap().state.current_url().to_string(), url);
        }
    }

    #[test]
    fn mistakes_are_told_apart() {
        assert_eq!(mistake(Request::get("https://")), InvalidRequest::Url("https://".to_owned()));
        assert_eq!(mistake(Request::get("data:,x")), InvalidRequest::Scheme("data".to_owned()));
        assert_eq!(
            mistake(Request::get("https://u:p@a.example/")),
            InvalidRequest::UrlCredentials("https://a.example/".to_owned())
        );
        assert!(matches!(mistake(Request::new("GET /", "/")), InvalidRequest::Method(_)));
        assert_eq!(
            mistake(Request::new("trace", "/")),
            InvalidRequest::ForbiddenMethod("trace".parse().unwrap())
        );
        assert!(matches!(mistake(Request::get("/").header("a b", "1")), InvalidRequest::Header(_)));
        assert!(matches!(mistake(Request::get("/").header("a", "1\n2")), InvalidRequest::Header(_)));
        assert_eq!(mistake(Request::get("/").body(())), InvalidRequest::Body(Method::GET));
        assert_eq!(mistake(Request::new("head", "/").text("")), InvalidRequest::Body(Method::HEAD));
        let invalid = Request::get("/").into_parts("app.example.com", "https://api.example.com");
        assert_eq!(invalid.err(), Some(InvalidRequest::Page("app.example.com".to_owned())));
        let invalid = Request::get("/").into_parts("null", "api.example.com");
        assert_eq!(invalid.err(), Some(InvalidRequest::Server("api.example.com".to_owned())));
    }

    #[test]
    fn the_first_mistake_is_reported() {
        let request = Request::new("a b", "/").header("c d", "1");
        assert!(matches!(mistake(request), InvalidRequest::Method(_)));
    }

    #[test]
    fn forbidden_headers_are_dropped_and_values_trimmed() {
        let request = Request::get("/")
            .header("cookie", "a=1")
            .header("origin", "https://evil.example")
            .header("sec-fetch-site", "same-origin")
            .header("x-a", " 1\t")
            .header("x-a", "2");
        let headers = parts(request).unwrap().state.headers;
        let expected = [("accept", "*/*"), ("x-a", "1"), ("x-a", "2")];
        let mut sent: Vec<_> =
            headers.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect();
        sent.sort_unstable();
        assert_eq!(sent, expected);
    }

    #[test]
    fn a_text_brings_its_type_unless_a_header_names_one() {
        let content_type = |request| parts(request).unwrap().state.headers.get(CONTENT_TYPE).cloned();
        assert_eq!(content_type(Request::post("/").text("x")).unwrap(), "text/plain;charset=UTF-8");
        let json = Request::post("/").text("{}").header("content-type", "application/json");
        assert_eq!(content_type(json).unwrap(), "application/json");
        assert_eq!(content_type(Request::post("/").body(String::new())), None);
        assert_eq!(content_type(Request::post("/").text("x").no_body()), None);
    }
}
