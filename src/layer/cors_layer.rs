//! The layer itself, and where its policies come from.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use tower_layer::Layer;

use super::body::DefaultBody;
use super::inner::LeavesToInner;
use super::service::Cors;
use super::shared::Shared;
#[cfg(feature = "reload")]
use super::source::PolicyHandle;
use super::source::{Dynamic, FirstMatch, PerRequest, PerRequestAsync, Source};
use super::watch::Watchers;
use crate::check::{self, PolicyError};
use crate::header::Vary;
use crate::policy::CorsPolicy;
use crate::protocol::Denial;
use crate::request::RequestHead;
use crate::spec::{CorsPolicyBuilder, PolicyEntry};

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
/// | time: it is replaced without a restart | `reloadable`, with the feature `reload` |
/// | the route, whose own layer has the policy | [`leave_to_inner`](Self::leave_to_inner) on the layer around it |
///
/// # Logs
///
/// With the feature `tracing`, the layer tells a subscriber, under the target `tower_cors`:
///
/// - at `ERROR`, each look-up of a policy that panics, whether or not the request is denied for it: `kind`, `panic` (what it panicked
///   with, if that is text), `method` and `path`.
/// - at `WARN`, each origin that is refused for the first time: fields `kind` ([`Denial::kind`]), `origin`, and `suppressed`, the
///   number of those that were not told. A layer remembers 1024 origins and tells of 10 in a minute at most. Hosts that are not the
///   service's are told in the same way, with the field `host`, and counted by themselves.
/// - at `DEBUG`, each denial: `kind`, `origin`, `method` (the requested one, of a preflight), `path`, `rule` ([`Denial::field`]),
///   `preflight`; of a preflight that requests headers, `headers`, all of them, and `header`, the first one that is refused
///   ([`Denial::header`]); of a host that is not the service's, `host`. The path comes without its query, which may hold secrets.
/// - at `DEBUG`, each `Access-Control-Allow-Origin` of the service's own that the policy overrules: `kind` (`grant-replaced`), `replaced`
///   (what the service said) and `with` (what the policy says, if it grants anything).
/// - at `TRACE`, each request with an `Origin` that is not denied: `origin` and `preflight`.
///
/// What comes from the request is escaped, and cut at 80 characters. [`CorsPolicy::explain`] says more about a single request,
/// and [`on_denial`](Self::on_denial) is for metrics and logs of another kind.
pub struct CorsLayer<E = DefaultBody> {
    shared: Arc<Shared<E>>,
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
        Self::over(Source::Dynamic(Dynamic::FirstMatch(policies)), Some(selected_by))
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
        (Self::over(Source::Dynamic(Dynamic::Reloadable(handle.clone())), None), handle)
    }

    /// Decides each request by the policy that a function picks for it: by tenant, host, path, or an extension that an outer
    /// layer has set. `None` grants nothing: a preflight is refused, and of any response the CORS headers are taken.
    ///
    /// Every response varies by `Origin`, and by what its policy [varies by](crate::CorsPolicyBuilder::vary_by). If the
    /// function looks at other headers than `Host`, name them with [`vary_by`](Self::vary_by). A function that panics has
    /// found none: its requests are [denied](Denial::LookupPanicked), and with the feature `tracing` a log is told.
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
        Self::over(Source::Dynamic(Dynamic::PerRequest(PerRequest::new(select))), Some(Vary::ORIGIN))
    }

    /// The same with a function that has to wait: for a database, say.
    ///
    /// Look-up and service run at the same time, and the response waits for both; a preflight waits for the look-up alone. A
    /// look-up that is ready at once, out of a cache, costs no more than [`per_request`](Self::per_request). One that takes long
    /// should give up by itself (`tokio::time::timeout`). One that panics has found nothing: its requests are
    /// [denied](Denial::LookupPanicked), and with the feature `tracing` a log is told.
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
        Self::over(
            Source::Dynamic(Dynamic::PerRequestAsync(PerRequestAsync::new(lookup))),
            Some(Vary::ORIGIN),
        )
    }

    fn over(source: Source, selected_by: Option<Vary>) -> Self {
        let (leaves_to_inner, watchers, empty_body) = (None, Watchers::default(), DefaultBody);
        Self { shared: Arc::new(Shared { source, selected_by, leaves_to_inner, watchers, empty_body }) }
    }
}

impl<E: Clone> CorsLayer<E> {
    /// Names the headers that the choice of a policy looks at. They, and `Origin`, are then in the `Vary` of every response,
    /// those without a policy included: a cache would otherwise give the answer for one tenant to another.
    ///
    /// Accepted: what the policy's own [`vary_by`](crate::CorsPolicyBuilder::vary_by) accepts: names, in any case, as `&str`, `String`
    /// or [`HeaderName`](http::HeaderName).
    ///
    /// ```
    /// use tower_cors::{CorsLayer, CorsPolicy};
    ///
    /// # fn policy_of(tenant: &[u8]) -> Option<CorsPolicy> { None }
    /// let layer = CorsLayer::per_request(|request| policy_of(request.headers().get("x-tenant")?.as_bytes())).vary_by(["X-Tenant"])?;
    ///
    /// let error = layer.vary_by(["*"]).unwrap_err();
    /// assert!(error.to_string().contains("vary_by: `*`"));
    /// # Ok::<(), tower_cors::PolicyError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Every entry that is not a header's name, and `*`, which forbids all caching: a service that wants that sets it itself.
    pub fn vary_by<I>(self, headers: I) -> Result<Self, PolicyError>
    where
        I: IntoIterator,
        I::Item: Into<PolicyEntry>,
    {
        let names = check::vary_by(&CorsPolicyBuilder::default().vary_by(headers).spec.vary_by)?;
        let mut shared = Arc::unwrap_or_clone(self.shared);
        shared.selected_by = Some(shared.selected_by.unwrap_or(Vary::ORIGIN).and(&names));
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Leaves the requests for which a function says so to another layer, nearer to the service: routes with a policy of their own.
    ///
    /// Around another `CorsLayer`, this one otherwise answers the preflights before the other sees them, and overrules what the other
    /// grants. A request that is left goes on as it is, preflight or not, and its response comes back as it is. So the inner layer
    /// decides alone, and where there is none the response grants nothing: browsers then keep it from every page of another origin.
    ///
    /// ```
    /// use axum::extract::MatchedPath;
    /// use axum::{Router, routing::get};
    /// use tower_cors::{CorsLayer, CorsPolicy};
    ///
    /// let app = CorsPolicy::builder().allow_origin("https://app.example.com").allow_credentials(true).build()?;
    /// let anyone = CorsPolicy::builder().allow_any_origin().build()?;
    ///
    /// let router: Router = Router::new()
    ///     .route("/items", get(|| async { "items" }))
    ///     .route("/feed", get(|| async { "feed" }).layer(CorsLayer::new(anyone)))
    ///     .layer(CorsLayer::new(app).leave_to_inner(|request| {
    ///         request.extensions().get::<MatchedPath>().is_some_and(|path| path.as_str() == "/feed")
    ///     }));
    /// # Ok::<(), tower_cors::PolicyError>(())
    /// ```
    ///
    /// Accepted: any function of the request's head. It should look at what the router looks at: in axum that is `MatchedPath`, the
    /// route itself; elsewhere the path. If it looks at a header, name that with [`vary_by`](Self::vary_by), which is on the responses
    /// that are left too. A second call replaces the first one's function.
    ///
    /// # What it costs
    ///
    /// - This layer does nothing about a request that is left: [`reject_disallowed_origins`], [`on_denial`](Self::on_denial) and
    ///   the log are the inner layer's business.
    /// - A preflight that is left passes everything between the two layers. Authentication there refuses it, as it carries no
    ///   credentials: put the inner layer around the authentication of its routes. This is why the choice is made from the request
    ///   alone, and not by what comes back: an outer layer that answered where no inner one did would grant its own pages a
    ///   route that has another policy.
    ///
    /// Where the policy of such a route is at hand, [`per_request`](Self::per_request) needs no second layer.
    ///
    /// [`reject_disallowed_origins`]: crate::CorsPolicyBuilder::reject_disallowed_origins
    #[must_use]
    pub fn leave_to_inner(self, leaves: impl Fn(RequestHead<'_>) -> bool + Send + Sync + 'static) -> Self {
        let mut shared = Arc::unwrap_or_clone(self.shared);
        shared.leaves_to_inner = Some(LeavesToInner::new(leaves));
        Self { shared: Arc::new(shared) }
    }

    /// Calls a function for each request that a browser will be refused: for logs and metrics. It runs on the request's task,
    /// so it should be fast; and before the service does, unless the policy is still being looked up. A second call replaces
    /// the first one's function.
    ///
    /// The request's headers are what somebody sent: escape them before they reach a log (`{:?}` does).
    ///
    /// ```
    /// # use tower_cors::{CorsLayer, CorsPolicy};
    /// # let policy = CorsPolicy::builder().allow_origin("https://app.example.com").build()?;
    /// let layer = CorsLayer::new(policy).on_denial(|denial, request| {
    ///     let (origin, header) = (request.headers().get("origin"), denial.header(request));
    ///     eprintln!("cors: {} {}: {denial} ({origin:?}, {header:?})", request.method(), request.uri().path());
    /// });
    /// # Ok::<(), tower_cors::PolicyError>(())
    /// ```
    #[must_use]
    pub fn on_denial(self, hook: impl Fn(&Denial, RequestHead<'_>) + Send + Sync + 'static) -> Self {
        let mut shared = Arc::unwrap_or_clone(self.shared);
        shared.watchers.on_denial = Some(Arc::new(hook));
        Self { shared: Arc::new(shared) }
    }

    /// Makes the bodies of the layer's own answers with a function, where the service's body type has no [`Default`].
    ///
    /// ```
    /// use http::{Request, Response};
    /// use tower::{Layer, ServiceExt, service_fn};
    /// use tower_cors::{CorsLayer, CorsPolicy};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// /// What the service answers with. It has no `Default`.
    /// enum Body {
    ///     Nothing,
    ///     Text(String),
    /// }
    ///
    /// let service = service_fn(|_: Request<()>| async { Ok::<_, std::io::Error>(Response::new(Body::Text("served".into()))) });
    ///
    /// let policy = CorsPolicy::builder().allow_origin("https://app.example.com").build()?;
    /// let app = CorsLayer::new(policy).empty_body(|| Body::Nothing).layer(service);
    ///
    /// let preflight = Request::options("/")
    ///     .header("origin", "https://app.example.com")
    ///     .header("access-control-request-method", "GET")
    ///     .body(())?;
    /// let response = app.oneshot(preflight).await?;
    /// assert!(matches!(response.body(), Body::Nothing));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn empty_body<F>(self, empty_body: F) -> CorsLayer<F> {
        let Shared { source, selected_by, leaves_to_inner, watchers, .. } = Arc::unwrap_or_clone(self.shared);
        CorsLayer { shared: Arc::new(Shared { source, selected_by, leaves_to_inner, watchers, empty_body }) }
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
