//! The settings of a layer, for every source of policies.

use std::sync::Arc;

use super::CorsLayer;
use super::inner::LeavesToInner;
use super::shared::Shared;
use super::watch::Hooks;
use crate::check::{self, PolicyError};
use crate::header::Vary;
use crate::protocol::{Decision, Denial};
use crate::request::RequestHead;
use crate::spec::{CorsPolicyBuilder, PolicyEntry};

impl<E: Clone> CorsLayer<E> {
    /// Names the headers that the choice of a policy depends on. Every response then has them, and `Origin`, in its `Vary`,
    /// even without a policy: otherwise a cache would give one tenant the answer for another.
    ///
    /// Accepted, as in the policy's own [`vary_by`](crate::CorsPolicyBuilder::vary_by): names, in any case, as `&str`, `String`
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
    /// Lists every entry that is not a header's name, and `*`, which forbids all caching: a service that wants that sets it itself.
    pub fn vary_by<I>(self, headers: I) -> Result<Self, PolicyError>
    where
        I: IntoIterator,
        I::Item: Into<PolicyEntry>,
    {
        let names = check::vary_by(&CorsPolicyBuilder::default().vary_by(headers).spec.vary_by)?;
        Ok(self.set(|shared| {
            let selected_by = shared.selected_by.take().unwrap_or_else(Vary::origin);
            shared.selected_by = Some(selected_by.and(&names));
        }))
    }

    /// Leaves the requests that a function selects to another layer, nearer to the service: for routes with a policy of their own.
    ///
    /// Otherwise a layer around another `CorsLayer` answers the preflights before the inner one sees them, and overrides what the inner
    /// one grants. This layer passes a selected request on unchanged, preflight or not, and changes nothing in its response but `Vary`.
    /// So the inner layer decides alone. Without an inner layer, the response grants nothing: browsers then keep it from every page of
    /// another origin.
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
    /// Accepted: any function of the request's head. It should read what the router reads: in axum that is `MatchedPath`, the
    /// route itself; elsewhere the path. If it reads a header, name it with [`vary_by`](Self::vary_by), which applies to these
    /// responses too. A second call replaces the function.
    ///
    /// # What it costs
    ///
    /// - This layer does nothing else for these requests: [`reject_disallowed_origins`], [`on_denial`](Self::on_denial) and
    ///   the log are up to the inner layer.
    /// - Their preflights pass everything between the two layers. Authentication there refuses them, as they carry no
    ///   credentials: put the inner layer around the authentication of its routes. This is why the choice depends on the request
    ///   alone, and not on the response: an outer layer that answered where no inner one did would grant its own pages a
    ///   route that has another policy.
    ///
    /// If this layer can find the policy of such a route, use [`per_request`](Self::per_request): it needs no second layer.
    ///
    /// [`reject_disallowed_origins`]: crate::CorsPolicyBuilder::reject_disallowed_origins
    #[must_use]
    pub fn leave_to_inner(self, leaves: impl Fn(RequestHead<'_>) -> bool + Send + Sync + 'static) -> Self {
        self.set(|shared| shared.leaves_to_inner = Some(LeavesToInner::new(leaves)))
    }

    /// Calls a function for each denied request, for logs and metrics. It runs on the request's task, so it should be fast,
    /// and before the service, unless the policy is still being looked up. A second call replaces the function.
    ///
    /// The request's headers may contain anything: escape them before you log them (`{:?}` does).
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
        self.watch(|hooks| hooks.on_denial = Some(Arc::new(hook)))
    }

    /// Calls a function for each decision, before that of [`on_denial`](Self::on_denial): to count allowed requests too.
    ///
    /// The decision contains the reason of each denial, which takes longer to find than the refusal itself. A lock or an allocation
    /// in the function costs time on every request. It is not called for requests that are
    /// [left to an inner layer](Self::leave_to_inner). A second call replaces the function.
    ///
    /// ```
    /// use tower_cors::{CorsLayer, CorsPolicy, Decision};
    ///
    /// # fn count(kind: &str, outcome: &str) {}
    /// # let policy = CorsPolicy::builder().allow_origin("https://app.example.com").build()?;
    /// let layer = CorsLayer::new(policy).on_decision(|decision, _| {
    ///     let kind = match decision {
    ///         Decision::Preflight(_) => "preflight",
    ///         Decision::Rejected(_) => "rejected",
    ///         _ => "actual",
    ///     };
    ///     count(kind, decision.denial().map_or("allowed", |denial| denial.kind()));
    /// });
    /// # Ok::<(), tower_cors::PolicyError>(())
    /// ```
    #[must_use]
    pub fn on_decision(self, hook: impl Fn(&Decision, RequestHead<'_>) + Send + Sync + 'static) -> Self {
        self.watch(|hooks| hooks.on_decision = Some(Arc::new(hook)))
    }

    /// Makes the bodies of the layer's own answers with a function. Needed if the service's body type has no [`Default`].
    ///
    /// ```
    /// use http::{Request, Response};
    /// use tower::{Layer, ServiceExt, service_fn};
    /// use tower_cors::{CorsLayer, CorsPolicy};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// /// The service's body type. It has no `Default`.
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

    pub(super) fn watch(self, change: impl FnOnce(&mut Hooks)) -> Self {
        self.set(|shared| change(shared.watchers.hooks()))
    }

    /// Changes a copy: layers and services that exist already keep their settings.
    fn set(self, change: impl FnOnce(&mut Shared<E>)) -> Self {
        let mut shared = Arc::unwrap_or_clone(self.shared);
        change(&mut shared);
        Self { shared: Arc::new(shared) }
    }
}
