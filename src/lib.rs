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
//!     .build()?; // every mistake, at once, with its fix
//!
//! let app: Router = Router::new().route("/v1/chat", post(chat)).layer(CorsLayer::from(policy));
//! # Ok::<(), tower_cors::PolicyError>(())
//! ```
//!
//! [All guides](docs): [recipes](docs::recipes) for common situations, [coming from tower-http](docs::migrating),
//! [when the browser says no](docs::troubleshooting), [where the layer goes in axum](docs::placements),
//! [the program `tower-cors`](docs::program), [promises](docs::promises), and [a comparison with other layers](docs::comparison).
//!
//! # What CORS is
//!
//! A browser lets a page read only what comes from the page's own origin (its scheme, host and port). CORS is how a
//! server lets pages of other origins in: it names them in `Access-Control-Allow-Origin`. Before a request that a plain
//! HTML form could not send, such as a `PUT`, or one with JSON or an `Authorization` header, the browser asks first, with
//! an `OPTIONS` request of its own, the CORS-preflight request. CORS is not access control: it binds browsers and
//! nothing else, and a server without it is not safer. The protocol is a part of the
//! [Fetch standard](https://fetch.spec.whatwg.org/#http-cors-protocol).
//!
//! # Where the layer goes
//!
//! Outermost: around authentication, limits, routing and its fallbacks.
//!
//! - A preflight carries neither cookies nor `Authorization`: authentication in front of the layer refuses it.
//! - A response without CORS headers is unreadable. Where an outer layer answers 401, 413 or 429 by itself, the page sees a
//!   network error and no status.
//! - A router that knows only `POST /items` answers the preflight's `OPTIONS /items` with 405.
//!
//! In axum, `Router::layer` after all routes is the right place: each layer goes around all that was added before it:
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
//!     .layer(RequestBodyLimitLayer::new(1 << 20)) // its 413 is decorated
//!     .layer(CorsLayer::from(&policy)); // last, so outermost
//! let response = right.oneshot(preflight()?).await?;
//! assert_eq!(response.status(), StatusCode::NO_CONTENT);
//!
//! // Wrong, on purpose: a route layer runs where a route matches, and no route matches `OPTIONS`.
//! let wrong: Router = Router::new().route("/items", post(|| async { "created" }).route_layer(CorsLayer::from(&policy)));
//! let response = wrong.oneshot(preflight()?).await?;
//! assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
//! assert!(!response.headers().contains_key("access-control-allow-origin"));
//! # Ok(())
//! # }
//! ```
//!
//! With [`tower::ServiceBuilder`](https://docs.rs/tower/latest/tower/builder/struct.ServiceBuilder.html), where the first
//! layer is the outermost, CORS comes first. To have one type whether CORS is on or off, wrap the layer with
//! [`tower::util::option_layer`](https://docs.rs/tower/latest/tower/util/fn.option_layer.html). Routes with policies of their
//! own get layers of their own. An outer layer must [leave those routes to them](CorsLayer::leave_to_inner):
//! [the chapter on placements](docs::placements) has a table of what each place in an
//! axum router covers.
//!
//! Some code has to sit outside and answer early: a rate limiter with its 429, authentication at the edge. Such code can ask
//! the policy itself, and its answers are then readable too:
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
//! A service behind the layer may set CORS headers of its own: the policy has the last word, and no header is ever doubled.
//!
//! # From a file or the environment
//!
//! With the feature `serde` a policy is a field of your configuration. Everything that is wrong with it is in the error's
//! message: unknown fields and what they probably meant, values of a wrong type, and every issue of the policy. An environment
//! variable is always a string, so each list also takes one string with commas, and each switch and number takes a string.
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
//! [`CorsPolicy::warnings`] lists what builds but looks like a mistake, such as `htps://app.example.com`: log it when
//! the program starts. The policy's own `Display` is a line for that log.
//!
//! The fields are the builder's methods (`presets` is [`with`](CorsPolicyBuilder::with)): `allow_origins`, `allow_credentials`, `allow_methods`, `allow_headers`,
//! `expose_headers`, `max_age` (seconds, or `"10m"`), `preflight_status`, `vary_by`, `reject_disallowed_origins`, `presets`, and the three
//! `dangerously_` ones. With `#[serde(flatten)]` serde hides unknown fields from the policy: put
//! `#[serde(deny_unknown_fields)]` on your struct to refuse them.
//!
//! A policy can also be serialized, and read back as the same policy, in any format. A format without field names
//! (postcard, bincode) can only be read back by the same version of this crate.
//!
//! # What clients need
//!
//! A client library sends headers that its users never typed, and reads some that nobody exposed. The module [`preset`] has
//! them for well-known libraries, as they were seen in real browsers: `.with(preset::OPENAI_JS)`, [`MCP`](preset::MCP),
//! [`GRPC_WEB`](preset::GRPC_WEB), [`TRACING`](preset::TRACING) and others. A preset adds methods and headers, and nothing else.
//!
//! # One policy, or several
//!
//! Where the policy depends on the request, the layer chooses it: [`CorsLayer::first_match`] by the origin (partners with
//! credentials, everybody else without), [`CorsLayer::per_request`] by what a function finds (a tenant, by host or by an extension),
//! and [`CorsLayer::per_request_async`] by what it finds in a database, while the service runs. Where only the origins are in a
//! database, [`CorsLayer::origin_lookup`] asks for those that the one policy does not list. With the feature `reload`,
//! `CorsLayer::reloadable` gives a handle that replaces the policy without a restart. `Vary` is right in all of them.
//!
//! # When a browser says no
//!
//! The page learns nothing, and the browser's console says little. [`CorsPolicy::explain`] says everything: each step of the protocol
//! for a policy and a request, the nearest rule and how it differs, and what would fix it; [`Explanation::by_first_match`] does so
//! for several policies, or none. With the feature `tracing`, each newly refused origin is logged without any code of yours, and
//! [`CorsLayer::on_denial`] hands each denial to a function, for metrics. [`CorsLayer::shadow`] tries a policy out beside the one in
//! effect, and says what it would change. In a test, the module `browser` (a feature) does what
//! a browser does.
//!
//! # Untrusted input
//!
//! *Requests* may hold anything. No request makes this crate panic, and none makes it work more than a fixed amount:
//! an `Origin` longer than an origin can be is refused unread, and no more of `Access-Control-Request-Headers` is read than
//! what the policy lists, plus a fixed allowance of 2048 bytes and 64 names. An origin is echoed only if its bytes equal a
//! configured one or pass the grammar of a serialized origin; a requested method or header only if it is a token.
//!
//! *Configurations* may come from a tenant. No configuration makes this crate panic; what is wrong comes back as a
//! [`PolicyError`], whose messages escape what they quote, cut it at 80 characters, and list at most 20 issues. The time
//! to look up an origin does not grow with the number of rules, and the hashes are seeded, so no list can be made slow
//! on purpose. Note that a tenant who may set the `dangerously_` fields may do what they are named after.
//!
//! [The chapter on promises](docs::promises) has each of these, with its tests.
//!
//! # What it does not do
//!
//! - It restrains browsers and nobody else: see [`reject_disallowed_origins`] for a refusal on the server, with [`served_at`]
//!   against DNS rebinding, and use authentication and CSRF protection.
//! - It does not guess. An origin that is not named is not allowed, and no list defaults to "any".
//! - It does not send `Access-Control-Allow-Private-Network`, which browsers have replaced by a permission prompt.
//!
//! # Features
//!
//! | feature | default | what it adds | crates |
//! |---|---|---|---|
//! | `public-suffix` | yes | with credentials, refuses wildcards over public suffixes such as `https://*.co.uk`, and over domains that have one below them, such as `https://*.amazonaws.com` ([the list and its date](CorsPolicyBuilder::dangerously_allow_public_suffixes), 60 kB of a program); without the feature, refuses only wildcards over a single label, such as `https://*.com` | |
//! | `cli` | no | the program [`tower-cors`](docs::program), and nothing for users of the library | `clap`, `ureq` and others |
//! | `browser` | no | the module `browser`: what a browser does with CORS, to test a service without one | `url` |
//! | `regex` | no | `CorsPolicyBuilder::allow_origin_regex`; with credentials, it refuses an expression that could match strangers' hosts; see [preview deployments](docs::preview_deployments) | `regex-automata` |
//! | `reload` | no | `CorsLayer::reloadable` and `PolicyHandle`, to replace a policy without a restart | `arc-swap` |
//! | `serde` | no | [`CorsPolicy`] and [`CorsPolicyBuilder`] implement `Deserialize` and `Serialize`, [`Explanation`] `Serialize`; `PolicyCheck` says what is wrong with a configuration, and where | `serde`, `humantime` |
//! | `tracing` | no | events: a warning for each newly refused origin, the reason of each denial at debug, what changes when a policy is replaced ([fields and bounds](CorsLayer#logs)) | `tracing` |
//!
//! [`reject_disallowed_origins`]: CorsPolicyBuilder::reject_disallowed_origins
//! [`served_at`]: CorsPolicyBuilder::served_at

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

// It shows what the Public Suffix List finds, and what the model of a browser says.
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
