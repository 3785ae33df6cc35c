//! The browser that a test drives.

use std::time::Duration;

use http::HeaderValue;
use tower_service::Service;

use super::construct::Parts;
use super::error::{FetchError, InvalidRequest};
use super::request::Request;
use super::response::Response;
use crate::browser::fetch::{
    Engine, Exchange, FetchParams, HttpUrl, Preflight, UserAgent, main_fetch, shown,
};

/// The origin of the server, unless [`Browser::server`] sets a different one.
pub const DEFAULT_SERVER: &str = "https://server.test";

/// A browser with one page open. A clone is independent: it has its own copies of the preflight cache and the cookies.
#[derive(Debug, Clone)]
pub struct Browser {
    page: String,
    server: String,
    /// The cookies that the test has added since the last fetch.
    given: Vec<String>,
    agent: UserAgent,
}

impl Browser {
    /// A browser at a page: the page's URL, its origin, or `null` for an opaque origin.
    ///
    /// [`fetch`](Self::fetch) reports anything else as [`InvalidRequest::Page`].
    ///
    /// ```
    /// use tower_cors::browser::Browser;
    ///
    /// Browser::at("https://app.example.com");
    /// Browser::at("http://localhost:5173/index.html");
    /// Browser::at("https://bücher.example");
    /// Browser::at("chrome-extension://abcdefghijklmnopabcdefghijklmnop");
    /// Browser::at("null");
    /// ```
    #[must_use]
    pub fn at(page: impl Into<String>) -> Self {
        Self {
            page: page.into(),
            server: DEFAULT_SERVER.to_owned(),
            given: Vec::new(),
            agent: UserAgent::default(),
        }
    }

    /// A browser at a page with an opaque origin: a sandboxed frame, a `data:` URL, a local file. The same as
    /// `Browser::at("null")`.
    #[must_use]
    pub fn opaque() -> Self {
        Self::at("null")
    }

    /// Sets the origin of the service. URLs in requests are relative to it. If it is the page's own origin, requests are
    /// same-origin.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use http::{Request as HttpRequest, Response};
    /// use tower_cors::browser::{Browser, Preflight, Request};
    ///
    /// let mut app = tower::service_fn(|_: HttpRequest<String>| async { Ok::<_, http::Error>(Response::new(())) });
    ///
    /// // No CORS headers, and none needed: page and server have the same origin.
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

    /// Sets the engine, which limits how long preflights are cached.
    #[must_use]
    pub fn engine(mut self, engine: Engine) -> Self {
        self.agent.engine = engine;
        self
    }

    /// Sets whether requests have whole URLs, with scheme and host, as HTTP clients expect: RFC 9112's absolute-form. By default a
    /// service sees path and query only, as an HTTP/1 server does.
    ///
    /// With absolute-form, the service can be an HTTP client, and the server a real one:
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use http::{Request as HttpRequest, Response};
    /// use tower_cors::browser::{Browser, Request};
    ///
    /// let mut client = tower::service_fn(|request: HttpRequest<String>| async move {
    ///     let url = request.uri().to_string(); // where a client would send it
    ///     Response::builder().header("access-control-allow-origin", "*").body(url)
    /// });
    ///
    /// let mut page = Browser::at("https://app.example.com").absolute_form(true);
    /// let response = page.fetch(&mut client, Request::get("http://127.0.0.1:3000/v1?a=1#b")).await?;
    /// assert_eq!(response.body(), "http://127.0.0.1:3000/v1?a=1");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn absolute_form(mut self, absolute_form: bool) -> Self {
        self.agent.absolute_form = absolute_form;
        self
    }

    /// Adds a cookie for the server: `name=value`. It is sent if the credentials mode allows it, and only to the server's host.
    ///
    /// It is like one with `Path=/` and `SameSite=None`. A `Set-Cookie` of the same name, with `Path=/` and without `Domain`,
    /// replaces it.
    #[must_use]
    pub fn cookie(mut self, cookie: impl Into<String>) -> Self {
        self.given.push(cookie.into());
        self
    }

    /// The cookies that the browser keeps, as name and value: those that the test [added](Self::cookie), and those that servers set.
    /// The page cannot read them.
    ///
    /// A response's `Set-Cookie` is kept if the request was sent with credentials and the server may set this cookie. If page and
    /// server belong to different sites, it needs `SameSite=None; Secure`. Its `Domain`, `Path`, `Secure`, `SameSite`, `Max-Age` and
    /// `Expires` decide when it is sent.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use axum::{Router, http::HeaderMap, routing::{get, post}};
    /// use tower_cors::{CorsLayer, CorsPolicy};
    /// use tower_cors::browser::{Browser, Credentials, Request};
    ///
    /// let policy = CorsPolicy::builder().allow_origin("https://app.example.com").allow_credentials(true).build()?;
    /// let mut app = Router::new()
    ///     .route("/login", post(|| async { [("set-cookie", "session=1; Path=/; HttpOnly; Secure; SameSite=None")] }))
    ///     .route("/me", get(|headers: HeaderMap| async move { headers["cookie"].to_str().unwrap_or_default().to_owned() }))
    ///     .layer(CorsLayer::new(policy));
    ///
    /// let mut page = Browser::at("https://app.example.com").server("https://api.example.net");
    /// page.fetch(&mut app, Request::post("/login").credentials(Credentials::Include)).await?;
    /// assert!(page.cookies().eq([("session", "1")]));
    ///
    /// let me = page.fetch(&mut app, Request::get("/me").credentials(Credentials::Include)).await?;
    /// assert_eq!(me.text().await?, "session=1");
    /// # Ok(())
    /// # }
    /// ```
    pub fn cookies(&self) -> impl Iterator<Item = (&str, &str)> {
        self.agent.cookies.pairs(self.agent.clock)
    }

    /// Lets time pass. Time passes only here, so the test decides what is still cached.
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
        self.agent.clock = self.agent.clock.saturating_add(time);
    }

    /// Does what a browser does for a script's `fetch(request)`, with `app` as the network: sends a preflight if one is
    /// needed and not cached, sends the request, follows redirects, and returns what the page may see.
    ///
    /// `app` is any service of `http::Request<B>`. `B` is `String` unless the request has a body of another type: see
    /// [`Request`]. The body of the response, `R`, can be of any type, and is returned unread.
    ///
    /// # Errors
    ///
    /// [`FetchError::Blocked`] if the browser refuses, [`FetchError::Invalid`] if no browser would send the request,
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
        self.agent.log.clear();
        let Parts { request, server, redirect, body } = request.into_parts(&self.page, &self.server)?;
        self.give_cookies(&server)?;
        let (agent, preflight) = (&mut self.agent, Preflight::NotNeeded);
        let params = FetchParams { request, body, redirect, app, agent, preflight };
        Ok(Response::new(main_fetch(params).await?))
    }

    /// Fetches, and reads one header as the page does. This is the shortest test that a service answers a page's preflight, shares
    /// the response, and exposes that header.
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
    /// It does not include a request for which the service failed.
    #[must_use]
    pub fn log(&self) -> &[Exchange] {
        &self.agent.log
    }

    /// Puts the cookies that the test has added into the jar.
    fn give_cookies(&mut self, server: &HttpUrl) -> Result<(), InvalidRequest> {
        if let Some(invalid) = self.given.iter().find(|cookie| HeaderValue::from_str(cookie).is_err()) {
            return Err(InvalidRequest::Cookie(shown(invalid.as_bytes())));
        }
        for cookie in self.given.drain(..) {
            self.agent.cookies.give(&cookie, server);
        }
        Ok(())
    }
}
