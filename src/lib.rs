//! CORS for every [`tower`](https://docs.rs/tower) HTTP service: axum, tonic, hyper, AWS Lambda.
//!
//! A **policy** says which pages may call the service. It is written once, checked as a whole when it is built, and
//! compiled into an immutable matcher. A **layer** puts it in front of the service: it answers CORS-preflight requests and
//! says on every other response who may read it.
//!
//! ```
//! use std::time::Duration;
//!
//! use axum::{Router, routing::post};
//! use http::Method;
//! use tower_cors::{CorsLayer, CorsPolicy};
//!
//! # async fn chat() {}
//! let policy = CorsPolicy::builder()
//!     .allow_origins(["https://app.example.com", "https://*.preview.example.com", "http://localhost:*"])
//!     .allow_credentials(true)
//!     .allow_methods([Method::PUT, Method::DELETE])
//!     .allow_headers(["authorization", "content-type", "x-stainless-*"])
//!     .expose_headers(["x-request-id"])
//!     .max_age(Duration::from_secs(600))
//!     .build()?; // reports every mistake at once, each with its fix
//!
//! let app: Router = Router::new().route("/v1/chat", post(chat)).layer(CorsLayer::from(policy));
//! # Ok::<(), tower_cors::PolicyError>(())
//! ```
//!
//! [All guides](docs): [recipes](docs::recipes) for common situations, [coming from tower-http](docs::migrating),
//! [when the browser says no](docs::troubleshooting), [where the layer goes in axum](docs::placements),
//! [the policy file](docs::policy_file), [preview deployments](docs::preview_deployments), [tests](docs::recipes#tests),
//! [the program `tower-cors`](docs::program), [export to a proxy or gateway](docs::export), [promises](docs::promises),
//! and [a comparison with other layers](docs::comparison).
//!
//! # What CORS is
//!
//! A browser lets a page read only responses from the page's own origin (its scheme, host and port). With CORS, a server
//! lets pages of other origins read them too: it names the origin in `Access-Control-Allow-Origin`. Before a request that a
//! plain HTML form could not send, such as a `PUT`, or one with JSON or an `Authorization` header, the browser first asks
//! with an `OPTIONS` request, the CORS-preflight request. CORS is not access control: it restrains browsers and
//! nobody else, and a server without it is not safer. The protocol is part of the
//! [Fetch standard](https://fetch.spec.whatwg.org/#http-cors-protocol).
//!
//! # Where the layer goes
//!
//! Outermost: around authentication, limits, routing and its fallbacks.
//!
//! - A preflight carries neither cookies nor `Authorization`: authentication outside the layer refuses it.
//! - A page cannot read a response without CORS headers. If an outer layer answers with 401, 413 or 429, the page sees a
//!   network error and no status.
//! - A router with only `POST /items` answers the preflight's `OPTIONS /items` with 405.
//!
//! In axum, call `Router::layer` after all routes: each layer goes around everything that was added before it:
//!
//! ```
//! use axum::{Router, routing::post};
//! use http::{Request, StatusCode};
//! use tower::ServiceExt;
//! use tower_cors::{CorsLayer, CorsPolicy};
//! use tower_http::limit::RequestBodyLimitLayer;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let policy = CorsPolicy::builder().allow_origin("https://app.example.com").allow_headers(["content-type"]).build()?;
//! let preflight = || {
//!     Request::options("/items")
//!         .header("origin", "https://app.example.com")
//!         .header("access-control-request-method", "POST")
//!         .header("access-control-request-headers", "content-type")
//!         .body(axum::body::Body::empty())
//! };
//!
//! let right: Router = Router::new()
//!     .route("/items", post(|| async { "created" }))
//!     .layer(RequestBodyLimitLayer::new(1 << 20)) // its 413 gets CORS headers
//!     .layer(CorsLayer::from(&policy)); // last, so outermost
//! let response = right.oneshot(preflight()?).await?;
//! assert_eq!(response.status(), StatusCode::NO_CONTENT);
//!
//! // Wrong, on purpose: a route layer runs only if a route matches, and no route matches `OPTIONS`.
//! let wrong: Router = Router::new().route("/items", post(|| async { "created" }).route_layer(CorsLayer::from(&policy)));
//! let response = wrong.oneshot(preflight()?).await?;
//! assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
//! assert!(!response.headers().contains_key("access-control-allow-origin"));
//! # Ok(())
//! # }
//! ```
//!
//! In a [`tower::ServiceBuilder`](https://docs.rs/tower/latest/tower/builder/struct.ServiceBuilder.html), the first layer is the
//! outermost, so add CORS first. To switch CORS on or off without a change of type, wrap the layer with
//! [`tower::util::option_layer`](https://docs.rs/tower/latest/tower/util/fn.option_layer.html). If some routes need another
//! policy, give them a layer of their own, and make the outer layer [leave those routes to it](CorsLayer::leave_to_inner).
//! [The guide to placements](docs::placements) has a table of what each place in an axum router covers.
//!
//! Some code must run outside the layer and answer early, such as a rate limiter with its 429, or authentication at the
//! edge. It can ask the policy itself, so that pages can read its answers too:
//!
//! ```
//! use axum::body::Body;
//! use axum::extract::{Request, State};
//! use axum::middleware::Next;
//! use axum::response::{IntoResponse, Response};
//! use http::StatusCode;
//! use tower_cors::CorsPolicy;
//!
//! # fn is_over_limit(request: &Request) -> bool { true }
//! /// Around the layer, with `axum::middleware::from_fn_with_state`.
//! async fn limit(State(policy): State<CorsPolicy>, request: Request, next: Next) -> Response {
//!     let actual = match policy.decide(&request).answer() {
//!         Ok(actual) => actual,
//!         // A preflight does not count.
//!         Err(answer) => return answer.map(|()| Body::empty()),
//!     };
//!     if is_over_limit(&request) {
//!         let mut response = StatusCode::TOO_MANY_REQUESTS.into_response();
//!         actual.decorate(response.headers_mut());
//!         return response;
//!     }
//!     next.run(request).await
//! }
//! # let policy = CorsPolicy::builder().allow_origin("https://app.example.com").build()?;
//! # let app: axum::Router = axum::Router::new()
//! #     .fallback(|| async { "served" })
//! #     .layer(axum::middleware::from_fn_with_state(policy, limit));
//! # let request = http::Request::get("/").header("origin", "https://app.example.com").body(axum::body::Body::empty())?;
//! # let response = tokio::runtime::Builder::new_current_thread().build()?.block_on(tower::ServiceExt::oneshot(app, request))?;
//! # assert_eq!(response.status(), 429);
//! # assert_eq!(response.headers()["access-control-allow-origin"], "https://app.example.com");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A service behind the layer may set CORS headers of its own. The policy overrides them, and no CORS header is sent twice.
//!
//! # From a file or the environment
//!
//! With the feature `serde`, a policy can be a field of your configuration. The error message lists everything that is
//! wrong: unknown fields and the likely names, values of the wrong type, and every issue of the policy. Environment variables
//! are strings, so each list (except `allow_origin_regexes`) also accepts one string with commas, and each switch and number
//! accepts a string.
//!
#![cfg_attr(feature = "serde", doc = "```")]
#![cfg_attr(not(feature = "serde"), doc = "```ignore")]
//! use tower_cors::CorsPolicy;
//!
//! #[derive(serde::Deserialize)]
//! struct Settings {
//!     cors: CorsPolicy,
//! }
//!
//! let settings: Settings = toml::from_str(
//!     r#"
//!     [cors]
//!     allow_origins = ["https://app.example.com", "http://localhost:*"]
//!     allow_headers = "authorization, content-type"
//!     max_age = "10m"
//!     "#,
//! )?;
//!
//! let error = toml::from_str::<Settings>("cors.allow_origins = 'https://app.example.com/'").err().expect("it has a slash");
//! assert!(error.to_string().contains("did you mean `https://app.example.com`?"));
//!
//! let error = toml::from_str::<Settings>("cors.allow_origin = 'https://app.example.com'").err().expect("the name is wrong");
//! assert!(error.to_string().contains("unknown field `allow_origin`; did you mean `allow_origins`?"));
//! # Ok::<(), toml::de::Error>(())
//! ```
//!
//! [Recipes](docs::recipes#environment-variables) has the names of the environment variables, for `config`, `figment` and `envy`.
//!
//! [`CorsPolicy::warnings`] lists entries that are accepted but look like mistakes, such as `htps://app.example.com`. Log them
//! when the program starts. The policy's own `Display` is a line for that log.
//!
//! The fields are named after the builder's methods (`presets` is [`with`](CorsPolicyBuilder::with)): `allow_origins`,
//! `allow_origin_regexes`, `allow_credentials`, `allow_methods`, `allow_headers`, `expose_headers`, `max_age` (seconds, or
//! `"10m"`), `preflight_status`, `vary_by`, `reject_disallowed_origins`, `served_at`, `presets`, and the three
//! `dangerously_` switches. With `#[serde(flatten)]`, serde hides unknown fields from the policy: put
//! `#[serde(deny_unknown_fields)]` on your struct to refuse them.
//!
//! A policy without [predicates](CorsPolicyBuilder::allow_origin_if) can also be serialized in any format, and read back as
//! the same policy. Only the same version of this crate can read back a format without field names (postcard, bincode).
//!
//! # What clients need
//!
//! Client libraries send and read headers that do not appear in your code. The module [`preset`] lists them for well-known
//! libraries, as tested in real browsers: `.with(preset::OPENAI_JS)`, [`MCP`](preset::MCP) ([a recipe](docs::recipes#mcp-servers)),
//! [`GRPC_WEB`](preset::GRPC_WEB), [`TRACING`](preset::TRACING) and others. A preset adds methods and headers, and nothing else.
//!
//! # One policy, or several
//!
//! If the policy depends on the request, the layer chooses it: [`CorsLayer::first_match`] by the origin (partners with
//! credentials, everybody else without), [`CorsLayer::per_request`] with a function (a tenant, by host or by an extension),
//! and [`CorsLayer::per_request_async`] with an asynchronous function (a database), while the service runs. If only the origins
//! are in a database, [`CorsLayer::origin_lookup`] looks up those that the policy does not list. With the feature `reload`,
//! `CorsLayer::reloadable` returns a handle that replaces the policy without a restart. `Vary` is correct in each of them, once
//! you [name the headers](CorsLayer::vary_by) other than `Host` that your function reads.
//!
//! # When a browser says no
//!
//! The page learns nothing, and the browser's console says little. [`CorsPolicy::explain`] shows each step of the protocol
//! for a policy and a request, the nearest rule and how it differs, and the fix; [`Explanation::by_first_match`] does the same
//! for several policies, or none. With the feature `tracing`, each newly refused origin is logged, without code of your own.
//! [`CorsLayer::on_denial`] calls a function for each denial, for metrics. [`CorsLayer::shadow`] tries a policy out beside the
//! one in effect, and reports what it would change. In tests, [the module `browser`][browser] (a feature) behaves like a browser.
//!
//! # Untrusted input
//!
//! *Requests* may contain anything. No request makes this crate panic, and the work for a request is bounded:
//! an `Origin` longer than any valid origin is refused unread, and of `Access-Control-Request-Headers` the policy reads at
//! most the size of its own list plus 2048 bytes and 64 names. An origin is echoed only if its bytes equal a
//! configured one or pass the grammar of a serialized origin; a requested method or header only if it is a token.
//!
//! *Configurations* may come from a tenant. No configuration makes this crate panic: every mistake is in the
//! [`PolicyError`]. Its message escapes the text that it quotes, cuts it at 80 characters, and lists at most 20 issues. The time
//! to look up an origin does not grow with the number of origins and expressions, and the hashes are seeded, so nobody can craft
//! a slow list. Note that a tenant who may set the `dangerously_` fields can do what their names say.
//!
//! [Promises](docs::promises) lists each of these with its tests.
//!
//! # What it does not do
//!
//! - It does not replace authentication and CSRF protection: CORS restrains browsers and nobody else. To refuse requests on the
//!   server, see [`reject_disallowed_origins`], with [`served_at`] against DNS rebinding.
//! - It does not guess: an origin that is not listed is not allowed, and no list defaults to "any".
//! - It does not send `Access-Control-Allow-Private-Network`, which browsers have replaced with a permission prompt.
//!
//! # Features
//!
//! | feature | default | what it adds | crates |
//! |---|---|---|---|
//! | `public-suffix` | yes | with credentials and in `served_at`, refuses wildcards over public suffixes such as `https://*.co.uk`, and over domains with a public suffix below them, such as `https://*.amazonaws.com` ([the list and its date](CorsPolicyBuilder::dangerously_allow_public_suffixes); it adds 61 kB to a program); without the feature, refuses only wildcards over a single label, such as `https://*.com` | |
//! | `cli` | no | the program [`tower-cors`](docs::program); users of the library do not need it | `clap`, `ureq` and others |
//! | `browser` | no | the module `browser`: what a browser does with CORS, to test a service without one | `cookie`, `serde_json`, `url` and others |
//! | `regex` | no | `CorsPolicyBuilder::allow_origin_regex`; with credentials, it refuses an expression that could match strangers' hosts; see [preview deployments](docs::preview_deployments) | `regex-automata`, `regex-syntax` |
//! | `reload` | no | `CorsLayer::reloadable` and `PolicyHandle`, to replace a policy without a restart | `arc-swap` |
//! | `serde` | no | [`CorsPolicy`] and [`CorsPolicyBuilder`] implement `Deserialize` and `Serialize`, [`Explanation`] `Serialize`; `PolicyCheck` says what is wrong with a configuration, and where | `serde`, `humantime` |
//! | `tracing` | no | events: a warning for each newly refused origin, the reason for each denial at debug, the changes when a policy is replaced, and others ([fields and bounds](CorsLayer#logs)) | `tracing` |
//!
//! [`reject_disallowed_origins`]: CorsPolicyBuilder::reject_disallowed_origins
//! [`served_at`]: CorsPolicyBuilder::served_at
#![cfg_attr(feature = "browser", doc = "[browser]: mod@browser")]
#![cfg_attr(not(feature = "browser"), doc = "[browser]: #features")]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "browser")]
pub mod browser;
mod check;
#[cfg(any(doc, doctest))]
pub mod docs;
mod explain;
mod header;
mod layer;
mod method;
mod origin;
mod policy;
pub mod preset;
mod protocol;
mod quoted;
mod request;
mod seen;
mod spec;
mod typo;
mod words;

// Its examples need the Public Suffix List and the model of a browser.
#[cfg(all(doctest, feature = "browser", feature = "public-suffix"))]
#[doc = include_str!("../README.md")]
struct Readme;

#[cfg(feature = "serde")]
pub use self::check::{Finding, PolicyCheck};
pub use self::check::{Issue, PolicyError, Problem};
pub use self::explain::{Explanation, Remedy, Step};
pub use self::header::HeaderProblem;
#[cfg(feature = "reload")]
pub use self::layer::PolicyHandle;
pub use self::layer::{Cors, CorsLayer, DefaultBody, Disagreement, EmptyBody, ResponseFuture};
pub use self::method::MethodProblem;
pub use self::origin::{Origin, OriginPattern, OriginProblem, RegexProblem};
pub use self::policy::{ChangedEntry, CorsPolicy, PolicyChange, Warning};
pub use self::protocol::{Actual, Decision, Denial, Outcome, Preflight, Rejected};
pub use self::request::RequestHead;
#[cfg(feature = "serde")]
pub use self::spec::serde::Place;
pub use self::spec::{CorsPolicyBuilder, PolicyEntry};
