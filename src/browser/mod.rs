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

mod fetch;
mod page;
mod tables;
#[cfg(test)]
mod tests;

pub(crate) use fetch::Refusal;
pub use fetch::{Blocked, Credentials, Engine, Exchange, Preflight, Reason, Redirect, ResponseType, Stage};
pub use page::{Browser, DEFAULT_SERVER, FetchError, InvalidRequest, Request, Response, Unreadable};
