//! A browser for tests: the client side of the CORS protocol, without a browser.
//!
//! Browsers decide about CORS. A server's headers are right if a browser then gives the response to the page. A test that only
//! compares headers does not show that. [`Browser`] does what a browser does for `fetch()`, step by step as in the [Fetch
//! Standard](https://fetch.spec.whatwg.org/), against any tower service, in memory:
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
//! This passes if the service (for example an `axum::Router`) answers the preflight for `PUT`, shares the response with the
//! page, and exposes `x-request-id`. If not, the error says what a browser's console would say, and what to change.
//!
//! # What a test can see
//!
//! [`Browser::fetch`] returns the whole response: [`status`](Response::status), the [`headers`](Response::headers) that
//! the page can read, the body as [`text`](Response::text) or [`json`](Response::json), and whether a
//! [`preflight`](Response::preflight) was sent. A refusal is [`FetchError::Blocked`], with its [`Reason`].
//! [`Browser::log`] returns everything that went over the wire:
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
//! assert_eq!((response.status().as_u16(), response.body().as_str()), (200, "done"));
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
//! # Page and server
//!
//! There is one page, at the origin given to [`Browser::at`], and one service, which is the server at [`Browser::server`].
//! Its default is [`DEFAULT_SERVER`], which is cross-site to any page that a test is likely to use. A URL in a [`Request`]
//! is absolute, or relative to the server's root. A request to a third origin, by an absolute URL or a redirect, goes to
//! the same service: like an HTTP/1 server, it sees path and query in the request's URI, and the host in `Host`. A service that
//! forwards requests needs whole URLs: see [`Browser::absolute_form`].
//!
//! URLs are read as in the URL Standard, including Unicode hosts and short IPv4 addresses such as `http://127.1`. The origin of an
//! app or an extension, such as `capacitor://localhost`, is sent in the form that web views send.
//!
//! # What is not modelled
//!
//! - The modes "no-cors", "same-origin" and "navigate" (forms, images, links), CORP and COEP.
//! - Mixed content, CSP, HSTS, Local Network Access, service workers, the HTTP cache, HTTP authentication dialogs.
//! - Tracking protection: browsers may partition or block the cookies of other sites, even with `SameSite=None`.
//!   [`Browser::cookies`] follows RFC 6265bis, where a cookie without `SameSite` is `Lax`. Not every browser does.
//! - Headers that CORS does not depend on: `User-Agent`, `Accept-Language`, `Accept-Encoding`, `Referer`, `Content-Length`.
//! - Bodies that can be read only once. A `Request` makes its body anew each time it is sent.
//!
//! # Where browsers differ
//!
//! This model follows the standard. The same cases run in the model and in browsers (`tests/browser.rs`).
//! Chromium 156, Firefox 153 and `WebKitGTK` 2.50 agree with it, with these exceptions:
//!
//! - All three still let `Access-Control-Allow-Headers: *` cover `Authorization`. The standard and the model do not: a test that
//!   passes here will still pass when browsers follow the standard.
//! - All three treat a negative `Access-Control-Max-Age` as zero. Firefox does the same with any value that is not a number.
//! - Firefox caches `*` as the name of a method or header, and keeps requests with and without credentials apart. Chromium
//!   caches nothing for pages with an opaque origin. Both then send preflights that the model does not send.
//! - `WebKit` does not clear the cache when a later request is refused.
//! - After a redirect, Firefox and `WebKit` send preflights that are no longer needed. Those of Firefox have the page's own
//!   origin where the standard has `null`. `WebKit` omits `Sec-Fetch-*`, and Firefox sends `cross-site` for servers of one
//!   site.

mod fetch;
mod page;
mod tables;
#[cfg(test)]
mod tests;

pub(crate) use fetch::Refusal;
pub use fetch::{Blocked, Credentials, Engine, Exchange, Preflight, Reason, Redirect, ResponseType, Stage};
pub(crate) use page::Failure;
pub use page::{
    Browser, DEFAULT_SERVER, FetchError, InvalidRequest, ReadError, Request, Response, Unreadable,
};
