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

/// Puts a [`CorsPolicy`] in front of a service: answers CORS-preflight requests, and adds the CORS headers to all other responses.
///
/// It cannot fail on a request: every mistake was refused when the policy was built. Cloning it only copies a reference.
/// Put it outermost: see [where the layer goes](crate#where-the-layer-goes).
///
/// ```
/// use tower_cors::{CorsLayer, CorsPolicy};
///
/// let policy = CorsPolicy::builder().allow_origin("https://app.example.com").build()?;
/// let app: axum::Router = axum::Router::new().layer(CorsLayer::new(policy));
/// # Ok::<(), tower_cors::PolicyError>(())
/// ```
///
/// One policy is enough for most services. For the others:
///
/// | the policy depends on | constructor |
/// |---|---|
/// | nothing | [`new`](Self::new), or `CorsLayer::from(policy)` |
/// | the origin: partners with credentials, everybody else without | [`first_match`](Self::first_match) |
/// | the host, the path, or what an outer layer found, such as a tenant | [`per_request`](Self::per_request) |
/// | the same, in a database | [`per_request_async`](Self::per_request_async) |
/// | nothing, but its origins are in a database | [`origin_lookup`](Self::origin_lookup) |
/// | time: it is replaced without a restart | `reloadable`, with the feature `reload` |
/// | the route, which has a layer of its own | [`leave_to_inner`](Self::leave_to_inner) on the layer around it |
///
/// # Logs
///
/// With the feature `tracing`, the layer emits these events, with the target `tower_cors`:
///
/// - at `ERROR`, each panic of a look-up, whether or not the request is denied for it, and each panic of a [shadow](Self::shadow):
///   `kind`, `panic` (its message, if it has one), `method` and `path`.
/// - at `WARN`, each origin that is refused for the first time: fields `kind` ([`Denial::kind`]), `origin`, and `suppressed`, the
///   number of refused origins that were not logged since the last such event. A layer remembers 1024 origins, and logs at most 10 a
///   minute. [Foreign hosts](crate::CorsPolicyBuilder::served_at) are logged in the same way, with the field `host`, and counted
///   separately.
/// - at `DEBUG`, each denial: `kind`, `origin`, `method` (for a preflight, the requested one), `path`, `rule` ([`Denial::field`]),
///   `preflight`; for a preflight that requests headers, `headers` (all of them) and `header`, the first one that is refused
///   ([`Denial::header`]); for a foreign host, `host`. The path comes without its query, which may contain secrets.
/// - for a [shadow](Self::shadow), in the same way: at `WARN`, each new difference, by its origin and by the method or header that
///   it is about, with `suppressed`; at `DEBUG`, each difference. `kind` is [`Disagreement::kind`], `denial` is the
///   [`Denial::kind`] of [`Disagreement::denial`], and the other fields are as above.
/// - at `INFO`, each call of `PolicyHandle::store` that changes the policy: `kind` (`policy-replaced`) and `widens`.
/// - at `DEBUG`, each `Access-Control-Allow-Origin` of the service that the policy overrides: `kind` (`grant-replaced`), `replaced`
///   (the service's value) and `with` (the policy's value, if it grants anything).
/// - at `TRACE`, each request with an `Origin` that is not denied: `origin` and `preflight`.
///
/// Values from the request are escaped, and cut at 80 characters. [`CorsPolicy::explain`] says more about a single request;
/// [`on_decision`](Self::on_decision) and [`on_denial`](Self::on_denial) are for metrics and other logs.
///
/// [`Disagreement::denial`]: crate::Disagreement::denial
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
    /// Accepted: a [`CorsPolicy`], or a reference to one. A builder's `.build()?` returns a policy.
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

    /// Decides each request by the first policy that allows its origin. If none does, or if there is no `Origin`, the last
    /// one decides.
    ///
    /// Put the policies that grant most first, and one that allows any origin last: policies after it are never
    /// used. An empty list grants nothing. Every response varies by `Origin`, and by everything that any of the policies
    /// [varies by](crate::CorsPolicyBuilder::vary_by).
    ///
    /// No policy lets in what another one rejects. A request whose origin none of them allows is rejected if any of the policies
    /// [rejects](crate::CorsPolicyBuilder::reject_disallowed_origins). A request to a host that is
    /// [foreign](crate::CorsPolicyBuilder::served_at) to one of the policies that reject is rejected, whichever would have decided.
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
        Self::over(Source::Dynamic(Dynamic::FirstMatch(policies)), Some(selected_by))
    }

    /// Decides all requests by one policy that can be replaced while they are served. With the feature `reload`.
    ///
    /// The policy that decides a request also decorates its response, even if another one is stored meanwhile. Storing never
    /// blocks a request.
    ///
    /// ```
    /// use tower_cors::{CorsLayer, CorsPolicy};
    ///
    /// let policy = CorsPolicy::builder().allow_origin("https://app.example.com").build()?;
    /// let (layer, handle) = CorsLayer::reloadable(policy);
    /// let app: axum::Router = axum::Router::new().layer(layer);
    ///
    /// // Later, when the configuration is read again. A policy that does not build replaces nothing.
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
        (Self::over(Source::Dynamic(Dynamic::Reloadable(handle.clone())), None), handle)
    }

    /// Decides each request by the policy that a function picks for it: by tenant, host, path, or an extension that an outer
    /// layer has set. `None` grants nothing: a preflight is refused, and other responses lose their CORS headers.
    ///
    /// Every response varies by `Origin`, and by what its policy [varies by](crate::CorsPolicyBuilder::vary_by). If the
    /// function reads other headers than `Host`, name them with [`vary_by`](Self::vary_by). If the function panics, the request
    /// is [denied](crate::Denial::LookupPanicked), and with the feature `tracing` the panic is logged.
    ///
    /// Build each policy once and return clones, which only copy a reference: building takes longer than deciding.
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
    /// With a policy that an outer layer has put into the request's extensions:
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
        Self::over(Source::Dynamic(Dynamic::PerRequest(PerRequest::new(select))), Some(Vary::origin()))
    }

    /// Like [`per_request`](Self::per_request), with an asynchronous function: it may query a database.
    ///
    /// The look-up and the service run at the same time, and the response waits for both; a preflight waits for the look-up only. A
    /// look-up that is ready at once, from a cache, costs one allocation more than [`per_request`](Self::per_request). Give a slow one
    /// a timeout of its own (`tokio::time::timeout`). If the look-up panics, the request is
    /// [denied](crate::Denial::LookupPanicked), and with the feature `tracing` the panic is logged.
    ///
    /// The look-up starts, and is polled once, inside [`Service::call`](tower_service::Service::call), before the response is awaited.
    /// Code that needs a runtime, such as `tokio::time::timeout` or a database driver, panics there if `call` runs outside a runtime.
    /// Servers call it inside one. A test or a program that calls the service by hand must do so in `Runtime::block_on`, or enter the
    /// runtime first (`Runtime::enter`).
    ///
    /// A policy that [rejects disallowed origins](crate::CorsPolicyBuilder::reject_disallowed_origins) can do so before the service
    /// runs only if it is found at once. Otherwise the service has already been called: the page gets 403 or 421, and the service's
    /// future is dropped, but what it has done so far is not undone. If that matters, look the policy up in a layer around this
    /// one, put it into the request's extensions, and use [`per_request`](Self::per_request).
    ///
    /// ```
    /// use tower_cors::{CorsLayer, CorsPolicy};
    ///
    /// # async fn policy_of(tenant: String) -> Option<CorsPolicy> { None }
    /// let layer = CorsLayer::per_request_async(|request| {
    ///     // Copy what the look-up needs: the request goes on to the service.
    ///     let tenant = request.uri().path().split('/').nth(1).map(str::to_owned);
    ///     async move { policy_of(tenant?).await }
    /// });
    /// ```
    #[must_use]
    pub fn per_request_async<L>(lookup: impl Fn(RequestHead<'_>) -> L + Send + Sync + 'static) -> Self
    where
        L: Future<Output = Option<CorsPolicy>> + Send + 'static,
    {
        Self::over(
            Source::Dynamic(Dynamic::PerRequestAsync(PerRequestAsync::new(lookup))),
            Some(Vary::origin()),
        )
    }

    /// Decides all requests by one policy, and asks a function about the origins that the policy does not allow, such as those that
    /// customers have registered in a database. The policy's methods, headers and credentials apply to all of them.
    ///
    /// ```
    /// use tower_cors::{CorsLayer, CorsPolicy};
    ///
    /// # async fn is_registered(origin: String) -> Result<bool, std::io::Error> { Ok(true) }
    /// let policy = CorsPolicy::builder()
    ///     .allow_origin("https://app.example.com") // ours: never looked up
    ///     .allow_credentials(true)
    ///     .allow_methods(["PUT"])
    ///     .build()?;
    /// let layer = CorsLayer::origin_lookup(policy, |origin, _| {
    ///     // Copy what the look-up needs: the request goes on to the service.
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
    /// The function is called once for each request with a well-formed origin that no rule of the policy allows. It is not called for
    /// `null`, without an `Origin`, or for a request to a [foreign host](crate::CorsPolicyBuilder::served_at), and never if the policy
    /// allows any origin. An origin that it allows is treated like a listed one; an origin that it refuses is denied as
    /// [`OriginNotAllowed`](crate::Denial::OriginNotAllowed). If it panics, nothing is granted, the request is denied as
    /// [`LookupPanicked`](crate::Denial::LookupPanicked), and with the feature `tracing` the panic is logged.
    ///
    /// `build` refuses a policy without any origin. If all origins are looked up, add `allow_origin_if(|_, _| false)`.
    ///
    /// # During the look-up
    ///
    /// The look-up and the service run at the same time, as with [`per_request_async`](Self::per_request_async); the same applies to
    /// runtimes, timeouts and caches. A preflight waits for the look-up only.
    ///
    /// If the policy [rejects disallowed origins](crate::CorsPolicyBuilder::reject_disallowed_origins), the service waits: its
    /// future is polled once the origin is allowed, and dropped unpolled if it is not. What a service does in its
    /// [`call`](tower_service::Service::call), before it returns a future, has happened by then. Handlers, routers and `async` functions do
    /// nothing there. A service such as tower's `Buffer` hands the request to another task in `call`: put it around this layer.
    ///
    /// # Limits
    ///
    /// - `build` does not check the origins that the function allows. With credentials, anybody on the network of a visitor can change a
    ///   page from a plain `http:` origin. Check each origin when it is registered: build a policy with the same switches that lists
    ///   it. Do not store what `build` refuses; its error tells the customer why.
    /// - If the function reads headers other than `Origin` and `Host`, name them with [`vary_by`](Self::vary_by).
    /// - [`CorsPolicy::explain`] does not call the function: it explains the policy, which does not contain such an origin.
    /// - All customers' pages get the same permissions. If each customer needs a policy of their own, use
    ///   [`per_request_async`](Self::per_request_async).
    #[must_use]
    pub fn origin_lookup<L>(
        policy: CorsPolicy,
        lookup: impl Fn(&Origin<'_>, RequestHead<'_>) -> L + Send + Sync + 'static,
    ) -> Self
    where
        L: Future<Output = bool> + Send + 'static,
    {
        Self::over(Source::Dynamic(Dynamic::OriginLookup(OriginLookup::new(policy, lookup))), None)
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
