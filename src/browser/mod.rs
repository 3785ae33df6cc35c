//! A browser for tests: the client's side of the CORS protocol, without a browser.
//!
//! CORS is decided by browsers. A server's headers are right when a browser lets the page have the response, and a test
//! that only compares headers does not show that. [`Browser`] does what a browser does with `fetch()`, step by step as
//! the [Fetch Standard](https://fetch.spec.whatwg.org/) has it, against any tower service, in memory:
//!
//! ```
//! # use http::{Method, Response};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let mut app = tower::service_fn(|request: http::Request<String>| async move {
//! #     let response = Response::builder().header("access-control-allow-origin", "https://app.example.com");
//! #     match *request.method() {
//! #         Method::OPTIONS => response.header("access-control-allow-methods", "PUT").body(String::new()),
//! #         _ => response.header("access-control-expose-headers", "*").header("x-request-id", "7").body("".into()),
//! #     }
//! # });
//! use tower_cors::browser::{Browser, Request};
//!
//! let mut page = Browser::at("https://app.example.com");
//! let id = page.read_header(&mut app, Request::put("/v1/items/1"), "x-request-id").await?;
//! assert_eq!(id, "7");
//! # Ok(())
//! # }
//! ```
//!
//! This passes if the service, an `axum::Router` for one, answers the preflight for `PUT`, shares the response with the
//! page, and exposes `x-request-id`. If not, the error says what a browser's console would say, and what to change.
//!
//! # What there is to see
//!
//! [`Browser::fetch`] has the whole response: [`status`](Response::status), the [`headers`](Response::headers) that the
//! page can read, the [`body`](Response::body), and whether a [`preflight`](Response::preflight) was sent. A refusal is
//! [`FetchError::Blocked`], with its [`Reason`]. [`Browser::log`] has all that went over the wire:
//!
//! ```
//! # use http::{Method, Response};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let mut app = tower::service_fn(|request: http::Request<String>| async move {
//! #     let response = Response::builder().header("access-control-allow-origin", "https://app.example.com");
//! #     let response = response.header("access-control-allow-credentials", "true");
//! #     match *request.method() {
//! #         Method::OPTIONS => response.status(204).header("access-control-allow-methods", "PUT")
//! #             .header("access-control-allow-headers", "x-a").body(String::new()),
//! #         _ => response.body(String::from("done")),
//! #     }
//! # });
//! use tower_cors::browser::{Browser, Credentials, Preflight, Reason, Request};
//!
//! let mut page = Browser::at("https://app.example.com").cookie("session=1");
//! let put = Request::put("/v1/items/1").header("x-a", "1").credentials(Credentials::Include);
//!
//! let response = page.fetch(&mut app, put.clone()).await?;
//! assert_eq!((response.status(), response.body().as_str()), (200, "done"));
//! assert_eq!(response.preflight(), Preflight::Sent);
//!
//! let [preflight, actual] = page.log() else { panic!("a preflight, then the request") };
//! assert_eq!(preflight.request_headers()["access-control-request-headers"], "x-a");
//! assert!(!preflight.request_headers().contains_key("cookie"));
//! assert_eq!(actual.request_headers()["cookie"], "session=1");
//!
//! // The preflight is cached now.
//! assert_eq!(page.fetch(&mut app, put).await?.preflight(), Preflight::Cached);
//!
//! let error = page.fetch(&mut app, Request::delete("/v1/items/1")).await.unwrap_err();
//! assert!(matches!(error.blocked().unwrap().reason(), Reason::MethodNotAllowed { .. }));
//! # Ok(())
//! # }
//! ```
//!
//! # Who is who
//!
//! There is one page, [`Browser::at`] its origin, and one service, which is the server at [`Browser::server`]. Unless
//! named, that is [`DEFAULT_SERVER`], another site than any page that a test is likely to be at. A URL in a [`Request`]
//! is relative to the server's root, or absolute. What is sent to a third origin, by an absolute URL or a redirect,
//! goes to the same service: like an HTTP/1 server, it sees path and query in the request's URI, and the host in `Host`.
//!
//! # What is not modelled
//!
//! - The modes "no-cors", "same-origin" and "navigate": forms, images, links. Nor CORP, COEP and the like.
//! - Mixed content, CSP, HSTS, Local Network Access, service workers, the HTTP cache, HTTP authentication by dialogue.
//! - Cookies as such: no `Set-Cookie`, no `SameSite`, no tracking protection. See [`Browser::cookie`].
//! - Headers without a part in CORS: `User-Agent`, `Accept-Language`, `Accept-Encoding`, `Referer`, `Content-Length`.
//! - Unicode hosts, percent-encoded hosts, and IPv4 addresses other than four decimal numbers: such URLs are refused.
//! - Bodies that can be read once only. `Request` makes its body as often as it is needed.
//!
//! `Sec-Fetch-Site` is sent, by an approximation of what a site is: the last two labels of the host.
//!
//! # Where browsers differ
//!
//! This model does what the standard says. The same cases run in it and in browsers (`tests/browser.rs`): Chromium 156,
//! Firefox 153 and `WebKitGTK` 2.50 agree with it, but for this:
//!
//! - All three still let `Access-Control-Allow-Headers: *` cover `Authorization`. The standard does not, and neither does
//!   the model: a test that passes here goes on to pass when browsers follow.
//! - All three take a negative `Access-Control-Max-Age` for zero, and Firefox any that is no number.
//! - Firefox remembers `*` as the name of a method or header, and requests with and without credentials apart. Chromium
//!   remembers nothing for pages with an opaque origin. Both then send preflights that the model does not send.
//! - `WebKit` does not forget what it remembers when a later request is refused.
//! - After a redirect, Firefox and `WebKit` send preflights that are no longer needed, those of Firefox with the page's
//!   own origin where the standard has `null`; `WebKit` leaves out `Sec-Fetch-*`, and Firefox says `cross-site` of
//!   servers of one site.

mod blocked;
mod cache;
mod check;
mod console;
mod error;
mod fetch;
mod forbidden;
mod headers;
mod log;
mod metadata;
mod method;
mod origin;
mod preflight;
mod redirect;
mod request;
mod response;
mod safelist;
mod state;
#[cfg(test)]
mod tests;
mod url;

use std::time::Duration;

use http::HeaderValue;
use tower_service::Service;

pub use blocked::{Blocked, Reason, Stage};
pub use cache::Engine;
pub use error::{FetchError, InvalidRequest};
pub use log::Exchange;
pub use preflight::Preflight;
pub use request::{Credentials, Redirect, Request};
pub use response::{Response, ResponseType, Unreadable};

/// The origin of the server, where [`Browser::server`] names none.
pub const DEFAULT_SERVER: &str = "https://server.test";

/// A browser with one page open. Its clones go separate ways, each with a copy of the preflight cache.
#[derive(Debug, Clone)]
pub struct Browser {
    page: String,
    server: String,
    engine: Engine,
    cookies: Vec<String>,
    cache: cache::Cache,
    /// The time since the browser was started. It stands still but for [`Browser::advance`].
    clock: Duration,
    log: Vec<Exchange>,
}

impl Browser {
    /// A browser at a page, which is given by its URL or its origin. `null` is a page with an opaque origin.
    ///
    /// What is neither is reported by [`fetch`](Self::fetch), as [`InvalidRequest::Page`].
    ///
    /// ```
    /// use tower_cors::browser::Browser;
    ///
    /// Browser::at("https://app.example.com");
    /// Browser::at("http://localhost:5173/index.html");
    /// Browser::at("chrome-extension://abcdefghijklmnopabcdefghijklmnop");
    /// Browser::at("null");
    /// ```
    #[must_use]
    pub fn at(page: impl Into<String>) -> Self {
        Self {
            page: page.into(),
            server: DEFAULT_SERVER.to_owned(),
            engine: Engine::default(),
            cookies: Vec::new(),
            cache: cache::Cache::default(),
            clock: Duration::ZERO,
            log: Vec::new(),
        }
    }

    /// A browser at a page with an opaque origin: a sandboxed frame, a `data:` URL, a local file. The same as
    /// `Browser::at("null")`.
    #[must_use]
    pub fn opaque() -> Self {
        Self::at("null")
    }

    /// Where the service is: the origin that URLs are relative to. With the page's own origin, nothing is cross-origin.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use http::{Request as HttpRequest, Response};
    /// use tower_cors::browser::{Browser, Preflight, Request};
    ///
    /// let mut app = tower::service_fn(|_: HttpRequest<String>| async { Ok::<_, http::Error>(Response::new(())) });
    ///
    /// // No CORS headers, and none needed: page and server are of one origin.
    /// let mut page = Browser::at("https://app.example.com").server("https://app.example.com");
    /// assert_eq!(page.fetch(&mut app, Request::put("/v1")).await?.preflight(), Preflight::NotNeeded);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn server(mut self, origin: impl Into<String>) -> Self {
        self.server = origin.into();
        self
    }

    /// Whose limit on the age of cached preflights applies.
    #[must_use]
    pub fn engine(mut self, engine: Engine) -> Self {
        self.engine = engine;
        self
    }

    /// Adds a cookie for the server: `name=value`. It is sent as its credentials mode says, and to the server only.
    #[must_use]
    pub fn cookie(mut self, cookie: impl Into<String>) -> Self {
        self.cookies.push(cookie.into());
        self
    }

    /// Lets time pass. It does not otherwise, so that what is cached depends on the test alone.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use std::time::Duration;
    /// use http::{Request as HttpRequest, Response};
    /// use tower_cors::browser::{Browser, Preflight, Request};
    ///
    /// let mut app = tower::service_fn(|_: HttpRequest<String>| async {
    ///     let response = Response::builder().header("access-control-allow-origin", "*");
    ///     response.header("access-control-allow-methods", "*").header("access-control-max-age", "60").body(())
    /// });
    ///
    /// let mut page = Browser::at("https://app.example.com");
    /// assert_eq!(page.fetch(&mut app, Request::put("/")).await?.preflight(), Preflight::Sent);
    /// page.advance(Duration::from_secs(59));
    /// assert_eq!(page.fetch(&mut app, Request::put("/")).await?.preflight(), Preflight::Cached);
    /// page.advance(Duration::from_secs(1));
    /// assert_eq!(page.fetch(&mut app, Request::put("/")).await?.preflight(), Preflight::Sent);
    /// # Ok(())
    /// # }
    /// ```
    pub fn advance(&mut self, time: Duration) {
        self.clock = self.clock.saturating_add(time);
    }

    /// Does what a browser does for a script's `fetch(request)`, with `app` as the network: sends a preflight if one is
    /// needed and not cached, sends the request, follows redirects, and lets through what the page may see.
    ///
    /// `app` is any service of `http::Request<B>`. What `B` can be, [`Request`] says; it is `String` unless a body of
    /// another type is named. The body of the response, `R`, can be anything, and is passed on unread.
    ///
    /// # Errors
    ///
    /// [`FetchError::Blocked`] if the browser refuses, [`FetchError::Invalid`] if no browser would send such a request,
    /// and [`FetchError::Service`] if the service fails.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use axum::{Router, routing::get};
    /// use tower_cors::browser::{Browser, Request};
    ///
    /// let mut app = Router::new().route("/", get(|| async { ([("access-control-allow-origin", "*")], "hello") }));
    ///
    /// let response = Browser::at("https://app.example.com").fetch(&mut app, Request::get("/")).await?;
    /// let body = axum::body::to_bytes(response.into_body(), 1024).await?;
    /// assert_eq!(body, "hello");
    /// # Ok(())
    /// # }
    /// ```
    pub async fn fetch<S, B, R>(
        &mut self,
        app: &mut S,
        request: Request<B>,
    ) -> Result<Response<R>, FetchError<S::Error>>
    where
        S: Service<http::Request<B>, Response = http::Response<R>>,
        B: Default,
    {
        self.log.clear();
        let parts = request.into_parts(&self.page, &self.server)?;
        let cookies = self.cookie_header()?;
        fetch::Fetch::new(self, app, cookies, parts).run().await
    }

    /// Fetches, and reads one header as the page: the shortest test that a stack answers a page's preflight, shares its
    /// response, and exposes that header.
    ///
    /// # Errors
    ///
    /// As for [`fetch`](Self::fetch), and [`FetchError::Unreadable`] if the page cannot read the header.
    pub async fn read_header<S, B, R>(
        &mut self,
        app: &mut S,
        request: Request<B>,
        name: &str,
    ) -> Result<HeaderValue, FetchError<S::Error>>
    where
        S: Service<http::Request<B>, Response = http::Response<R>>,
        B: Default,
    {
        let response = self.fetch(app, request).await?;
        Ok(response.readable(name)?.clone())
    }

    /// What the last fetch sent and received, in order: preflights, redirects, and the request itself.
    ///
    /// A request that the service failed to answer is not in it.
    #[must_use]
    pub fn log(&self) -> &[Exchange] {
        &self.log
    }

    /// The value of `Cookie`. `None`: there are no cookies.
    fn cookie_header(&self) -> Result<Option<HeaderValue>, InvalidRequest> {
        if self.cookies.is_empty() {
            return Ok(None);
        }
        let cookies = self.cookies.join("; ");
        let invalid = |_| InvalidRequest::Cookie(check::quoted(cookies.as_bytes()));
        HeaderValue::from_str(&cookies).map(Some).map_err(invalid)
    }
}
