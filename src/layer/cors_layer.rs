//! The layer itself, and where its policies come from.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use tower_layer::Layer;

use super::body::DefaultBody;
use super::service::Cors;
use super::shared::Shared;
#[cfg(feature = "reload")]
use super::source::PolicyHandle;
use super::source::{Dynamic, FirstMatch, OriginLookup, PerRequest, PerRequestAsync, Source};
use super::watch::Watchers;
use crate::header::Vary;
use crate::origin::Origin;
use crate::policy::CorsPolicy;
use crate::request::RequestHead;

/// Puts a [`CorsPolicy`] in front of a service: answers CORS-preflight requests, decorates all other responses.
///
/// It cannot fail on a request: everything that can be wrong was refused when the policy was built. A clone is one more reference.
/// Where it goes matters: outermost, see the [crate's chapter on it](crate#where-the-layer-goes).
///
/// ```
/// use tower_cors::{CorsLayer, CorsPolicy};
///
/// let policy = CorsPolicy::builder().allow_origin("https://app.example.com").build()?;
/// let app: axum::Router = axum::Router::new().layer(CorsLayer::new(policy));
/// # Ok::<(), tower_cors::PolicyError>(())
/// ```
///
/// One policy serves most services. Where it depends on something:
///
/// | the policy depends on | made by |
/// |---|---|
/// | nothing | [`new`](Self::new), or `CorsLayer::from(policy)` |
/// | the origin: partners with credentials, everybody else without | [`first_match`](Self::first_match) |
/// | the host, the path, what an outer layer found out: a tenant | [`per_request`](Self::per_request) |
/// | the same, in a database | [`per_request_async`](Self::per_request_async) |
/// | nothing, but its origins are in a database | [`origin_lookup`](Self::origin_lookup) |
/// | time: it is replaced without a restart | `reloadable`, with the feature `reload` |
/// | the route, whose own layer has the policy | [`leave_to_inner`](Self::leave_to_inner) on the layer around it |
///
/// # Logs
///
/// With the feature `tracing`, the layer tells a subscriber, under the target `tower_cors`:
///
/// - at `ERROR`, each look-up that panics, whether or not the request is denied for it, and each [shadow](Self::shadow) that does:
///   `kind`, `panic` (what it panicked with, if that is text), `method` and `path`.
/// - at `WARN`, each origin that is refused for the first time: fields `kind` ([`Denial::kind`]), `origin`, and `suppressed`, the
///   number of those that were not told. A layer remembers 1024 origins and tells of 10 in a minute at most. Hosts that are not the
///   service's are told in the same way, with the field `host`, and counted by themselves.
/// - at `DEBUG`, each denial: `kind`, `origin`, `method` (the requested one, of a preflight), `path`, `rule` ([`Denial::field`]),
///   `preflight`; of a preflight that requests headers, `headers`, all of them, and `header`, the first one that is refused
///   ([`Denial::header`]); of a host that is not the service's, `host`. The path comes without its query, which may hold secrets.
/// - of a [shadow](Self::shadow), in the same way: at `WARN`, each difference that is new, by its origin and by the method or header that
///   it is about, with `suppressed`; at `DEBUG`, each. Their `kind` is [`Disagreement::kind`], `denial` is [`Denial::kind`] of the one
///   that refuses, and the others are as above.
/// - at `DEBUG`, each `Access-Control-Allow-Origin` of the service's own that the policy overrules: `kind` (`grant-replaced`), `replaced`
///   (what the service said) and `with` (what the policy says, if it grants anything).
/// - at `TRACE`, each request with an `Origin` that is not denied: `origin` and `preflight`.
///
/// What comes from the request is escaped, and cut at 80 characters. [`CorsPolicy::explain`] says more about a single request,
/// and [`on_decision`](Self::on_decision) and [`on_denial`](Self::on_denial) are for metrics and logs of another kind.
///
/// [`Disagreement::kind`]: crate::Disagreement::kind
/// [`Denial::kind`]: crate::Denial::kind
/// [`Denial::field`]: crate::Denial::field
/// [`Denial::header`]: crate::Denial::header
pub struct CorsLayer<E = DefaultBody> {
    pub(super) shared: Arc<Shared<E>>,
}

impl From<CorsPolicy> for CorsLayer {
    fn from(policy: CorsPolicy) -> Self {
        Self::over(Source::Fixed(policy), None)
    }
}

impl From<&CorsPolicy> for CorsLayer {
    fn from(policy: &CorsPolicy) -> Self {
        Self::from(policy.clone())
    }
}

impl CorsLayer {
    /// Decides all requests by one policy: the same as `CorsLayer::from(policy)`.
    ///
    /// Accepted: a [`CorsPolicy`], and a reference to one. A builder becomes a policy with `.build()?`.
    ///
    /// ```
    /// use tower_cors::{CorsLayer, CorsPolicy};
    ///
    /// let policy = CorsPolicy::builder().allow_origin("https://app.example.com").build()?;
    /// let layer = CorsLayer::new(&policy);
    /// # let _: CorsLayer = CorsLayer::new(policy);
    /// # Ok::<(), tower_cors::PolicyError>(())
    /// ```
    #[must_use]
    pub fn new(policy: impl Into<Self>) -> Self {
        policy.into()
    }

    /// Decides each request by the first policy that allows its origin; where none does, or there is no `Origin`, by the
    /// last one.
    ///
    /// Put the policies in the order of what they grant, and one that allows any origin last: those behind it are never
    /// asked. Without any policy nothing is granted. Every response varies by `Origin`, and by what any of the policies
    /// [varies by](crate::CorsPolicyBuilder::vary_by).
    ///
    /// No policy lets in what another one rejects: a request whose origin none of them allows is rejected if any of the policies
    /// [rejects](crate::CorsPolicyBuilder::reject_disallowed_origins), and one that was sent to a
    /// [foreign host](crate::CorsPolicyBuilder::served_at) is rejected by the first policy that rejects and names the service's own
    /// origins, whichever would have decided.
    ///
    /// ```
    /// use tower_cors::{CorsLayer, CorsPolicy};
    ///
    /// let partners = CorsPolicy::builder()
    ///     .allow_origins(["https://app.example.com", "https://*.partner.example"])
    ///     .allow_credentials(true)
    ///     .build()?;
    /// let public = CorsPolicy::builder().allow_any_origin().build()?;
    /// let layer = CorsLayer::first_match([partners, public]);
    /// # Ok::<(), tower_cors::PolicyError>(())
    /// ```
    ///
    /// With the feature `serde`, a list of policies is a `Vec<CorsPolicy>` of your configuration:
    ///
    #[cfg_attr(feature = "serde", doc = "```")]
    #[cfg_attr(not(feature = "serde"), doc = "```ignore")]
    /// use tower_cors::{CorsLayer, CorsPolicy};
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Settings {
    ///     cors: Vec<CorsPolicy>,
    /// }
    ///
    /// let settings: Settings = toml::from_str(
    ///     r#"
    ///     [[cors]]
    ///     allow_origins = ["https://app.example.com", "https://*.partner.example"]
    ///     allow_credentials = true
    ///
    ///     [[cors]]
    ///     allow_origins = "*"
    ///     "#,
    /// )?;
    /// let layer = CorsLayer::first_match(settings.cors);
    /// # Ok::<(), toml::de::Error>(())
    /// ```
    #[must_use]
    pub fn first_match(policies: impl IntoIterator<Item = CorsPolicy>) -> Self {
        let policies = FirstMatch::new(policies);
        let selected_by = policies.selected_by();
        Self::over_dynamic(policies, Some(selected_by))
    }

    /// Decides all requests by one policy that can be replaced while they are served. With the feature `reload`.
    ///
    /// A request is decided and its response decorated by one policy, whatever is stored meanwhile. Storing never blocks a
    /// request.
    ///
    /// ```
    /// use tower_cors::{CorsLayer, CorsPolicy};
    ///
    /// let policy = CorsPolicy::builder().allow_origin("https://app.example.com").build()?;
    /// let (layer, handle) = CorsLayer::reloadable(policy);
    /// let app: axum::Router = axum::Router::new().layer(layer);
    ///
    /// // Later, where the configuration is read again. What cannot be built replaces nothing.
    /// match CorsPolicy::builder().allow_origin("https://app.example.com/").build() {
    ///     Ok(policy) => handle.store(policy),
    ///     Err(error) => eprintln!("the policy stays as it was: {error}"),
    /// }
    /// # Ok::<(), tower_cors::PolicyError>(())
    /// ```
    #[cfg(feature = "reload")]
    #[must_use]
    pub fn reloadable(policy: CorsPolicy) -> (Self, PolicyHandle) {
        let handle = PolicyHandle::new(policy);
        (Self::over_dynamic(handle.clone(), None), handle)
    }

    /// Decides each request by the policy that a function picks for it: by tenant, host, path, or an extension that an outer
    /// layer has set. `None` grants nothing: a preflight is refused, and of any response the CORS headers are taken.
    ///
    /// Every response varies by `Origin`, and by what its policy [varies by](crate::CorsPolicyBuilder::vary_by). If the
    /// function looks at other headers than `Host`, name them with [`vary_by`](Self::vary_by). A function that panics has
    /// found none: its requests are [denied](crate::Denial::LookupPanicked), and with the feature `tracing` a log is told.
    ///
    /// A policy should be kept and cloned, which is one more reference; to build one takes longer than to decide.
    ///
    /// ```
    /// use std::collections::HashMap;
    ///
    /// use tower_cors::{CorsLayer, CorsPolicy};
    ///
    /// let shop = CorsPolicy::builder().allow_origin("https://shop.example.com").build()?;
    /// let tenants = HashMap::from([("shop.api.example.com", shop)]);
    ///
    /// let layer = CorsLayer::per_request(move |request| {
    ///     // `:authority` over HTTP/2, `Host` over HTTP/1.1.
    ///     let header = || request.headers().get("host").and_then(|host| host.to_str().ok());
    ///     let authority = request.uri().authority().map(|authority| authority.as_str()).or_else(header)?;
    ///     tenants.get(authority).cloned()
    /// });
    /// # Ok::<(), tower_cors::PolicyError>(())
    /// ```
    ///
    /// A policy that an outer layer has found, in the request's extensions:
    ///
    /// ```
    /// use tower_cors::{CorsLayer, CorsPolicy};
    ///
    /// let layer = CorsLayer::per_request(|request| request.extensions().get::<CorsPolicy>().cloned());
    /// ```
    #[must_use]
    pub fn per_request(
        select: impl Fn(RequestHead<'_>) -> Option<CorsPolicy> + Send + Sync + 'static,
    ) -> Self {
        Self::over_dynamic(PerRequest::new(select), Some(Vary::origin()))
    }

    /// The same with a function that has to wait: for a database, say.
    ///
    /// Look-up and service run at the same time, and the response waits for both; a preflight waits for the look-up alone. A
    /// look-up that is ready at once, out of a cache, costs no more than [`per_request`](Self::per_request). One that takes long
    /// should give up by itself (`tokio::time::timeout`). One that panics has found nothing: its requests are
    /// [denied](crate::Denial::LookupPanicked), and with the feature `tracing` a log is told.
    ///
    /// To see whether the policy is there at once, the look-up is made and polled inside [`Service::call`](tower_service::Service::call),
    /// before anybody awaits the response. What needs a runtime, such as `tokio::time::timeout` or a database driver, panics there if
    /// `call` runs outside of one. Servers call inside; a test or a program that calls the service by hand does so in
    /// `Runtime::block_on`, or enters the runtime first (`Runtime::enter`).
    ///
    /// A policy that [rejects disallowed origins](crate::CorsPolicyBuilder::reject_disallowed_origins) can do so before the service
    /// runs only if it is found at once. Otherwise the service has been called by then: the page gets 403, or 421, and the service's
    /// future is dropped, but what it did until then is done. Where that matters, look the policy up in a layer around this
    /// one, put it into the request's extensions, and take it from there with [`per_request`](Self::per_request).
    ///
    /// ```
    /// use tower_cors::{CorsLayer, CorsPolicy};
    ///
    /// # async fn policy_of(tenant: String) -> Option<CorsPolicy> { None }
    /// let layer = CorsLayer::per_request_async(|request| {
    ///     // What the look-up needs is taken out of the request, which goes on to the service.
    ///     let tenant = request.uri().path().split('/').nth(1).map(str::to_owned);
    ///     async move { policy_of(tenant?).await }
    /// });
    /// ```
    #[must_use]
    pub fn per_request_async<L>(lookup: impl Fn(RequestHead<'_>) -> L + Send + Sync + 'static) -> Self
    where
        L: Future<Output = Option<CorsPolicy>> + Send + 'static,
    {
        Self::over_dynamic(PerRequestAsync::new(lookup), Some(Vary::origin()))
    }

    /// Decides all requests by one policy, and asks a function about the origins that it does not list: those that customers have
    /// registered in a database, say. What a page may do and read is the policy's for all of them.
    ///
    /// ```
    /// use tower_cors::{CorsLayer, CorsPolicy};
    ///
    /// # async fn is_registered(origin: String) -> Result<bool, std::io::Error> { Ok(true) }
    /// let policy = CorsPolicy::builder()
    ///     .allow_origin("https://app.example.com") // ours: nobody is asked about it
    ///     .allow_credentials(true)
    ///     .allow_methods(["PUT"])
    ///     .build()?;
    /// let layer = CorsLayer::origin_lookup(policy, |origin, _| {
    ///     // The look-up goes on while the request is with the service: it takes what it needs along.
    ///     let origin = origin.as_str().to_owned();
    ///     async move {
    ///         is_registered(origin).await.unwrap_or_else(|error| {
    ///             eprintln!("no origin can be looked up: {error}");
    ///             false
    ///         })
    ///     }
    /// });
    /// # Ok::<(), tower_cors::PolicyError>(())
    /// ```
    ///
    /// The function is asked about well-formed origins that no rule of the policy allows, once for each such request, and about no
    /// other: not about `null`, nor where there is no `Origin` or the request is for a [foreign
    /// host](crate::CorsPolicyBuilder::served_at), and never if the policy allows any origin. What it allows is treated as an origin
    /// in the list, and what it refuses as one that is not: it is [`OriginNotAllowed`](crate::Denial::OriginNotAllowed). Where it
    /// panics, nothing is granted, the request is denied as [`LookupPanicked`](crate::Denial::LookupPanicked), and with the feature
    /// `tracing` a log is told.
    ///
    /// A policy is not built without any origin. Where all are looked up, `allow_origin_if(|_, _| false)` says so.
    ///
    /// # While it is looked up
    ///
    /// Look-up and service run at the same time, as with [`per_request_async`](Self::per_request_async), and the same holds of
    /// runtimes, time limits and caches. A preflight waits for the look-up alone.
    ///
    /// A policy that [rejects disallowed origins](crate::CorsPolicyBuilder::reject_disallowed_origins) has the service wait: its
    /// future is polled once the origin is allowed, and dropped unpolled if it is not. What a service does in its
    /// [`call`](tower_service::Service::call), before it returns a future, is done by then. Handlers, routers and `async` functions do
    /// nothing there; of what hands a request to another task in `call`, such as tower's `Buffer`, put the layer behind it.
    ///
    /// # What it is asked for
    ///
    /// - `build` has not checked what it allows. With credentials, a plain `http:` origin can be read and changed by anybody on its
    ///   visitor's network. Check an origin when it is registered, with a policy of the same switches that lists it: what
    ///   `build` refuses should not get into the database, and its error says why to who enters it.
    /// - If it looks at other headers than `Origin` and `Host`, name them with [`vary_by`](Self::vary_by).
    /// - [`CorsPolicy::explain`] asks nobody: it explains the policy, of which such an origin is no part.
    /// - Each customer's pages may do what all others' may. Where they have policies of their own, look those up, with
    ///   [`per_request_async`](Self::per_request_async).
    #[must_use]
    pub fn origin_lookup<L>(
        policy: CorsPolicy,
        lookup: impl Fn(&Origin<'_>, RequestHead<'_>) -> L + Send + Sync + 'static,
    ) -> Self
    where
        L: Future<Output = bool> + Send + 'static,
    {
        Self::over_dynamic(OriginLookup::new(policy, lookup), None)
    }

    fn over_dynamic(source: impl Dynamic + 'static, selected_by: Option<Vary>) -> Self {
        Self::over(Source::Dynamic(Arc::new(source)), selected_by)
    }

    fn over(source: Source, selected_by: Option<Vary>) -> Self {
        let (leaves_to_inner, watchers, empty_body) = (None, Watchers::default(), DefaultBody);
        Self { shared: Arc::new(Shared { source, selected_by, leaves_to_inner, watchers, empty_body }) }
    }
}

impl<S, E> Layer<S> for CorsLayer<E> {
    type Service = Cors<S, E>;

    fn layer(&self, inner: S) -> Self::Service {
        Cors::new(inner, Arc::clone(&self.shared))
    }
}

impl<E> Clone for CorsLayer<E> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl<E> fmt::Debug for CorsLayer<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CorsLayer").field("source", &self.shared.source).finish_non_exhaustive()
    }
}
