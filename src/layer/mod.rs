//! The tower layer around the decision.

mod body;
mod future;
mod service;

use std::fmt;
use std::sync::Arc;

use tower_layer::Layer;

pub use self::body::{DefaultBody, EmptyBody};
pub use self::future::ResponseFuture;
pub use self::service::Cors;
use crate::decision::Denial;
use crate::policy::CorsPolicy;
use crate::request::RequestHead;

/// Puts a [`CorsPolicy`] in front of a service: answers CORS-preflight requests, decorates all other responses.
///
/// It cannot fail: everything that can be wrong was refused when the policy was built. A clone is one more reference.
/// Where it goes matters: outermost, see the [crate's chapter on it](crate#where-the-layer-goes).
///
/// ```
/// use tower_cors::{CorsLayer, CorsPolicy};
///
/// let policy = CorsPolicy::builder().allow_origin("https://app.example.com").build()?;
/// let app: axum::Router = axum::Router::new().layer(CorsLayer::from(policy));
/// # Ok::<(), tower_cors::PolicyError>(())
/// ```
pub struct CorsLayer<E = DefaultBody> {
    shared: Arc<Shared<E>>,
}

/// What a layer and all its services share.
#[derive(Clone)]
struct Shared<E> {
    policy: CorsPolicy,
    on_denial: Option<Hook>,
    empty_body: E,
}

type Hook = Arc<dyn Fn(&Denial, RequestHead<'_>) + Send + Sync>;

impl From<CorsPolicy> for CorsLayer {
    fn from(policy: CorsPolicy) -> Self {
        Self { shared: Arc::new(Shared { policy, on_denial: None, empty_body: DefaultBody }) }
    }
}

impl From<&CorsPolicy> for CorsLayer {
    fn from(policy: &CorsPolicy) -> Self {
        Self::from(policy.clone())
    }
}

impl<E: Clone> CorsLayer<E> {
    /// Calls a function for each request that a browser will be refused: for logs and metrics. It runs before the service
    /// does, on the request's task, so it should be fast. A second call replaces the first one's function.
    ///
    /// The request's headers are what somebody sent: escape them before they reach a log (`{:?}` does).
    ///
    /// ```
    /// # use tower_cors::{CorsLayer, CorsPolicy};
    /// # let policy = CorsPolicy::builder().allow_origin("https://app.example.com").build()?;
    /// let layer = CorsLayer::from(policy).on_denial(|denial, request| {
    ///     let origin = request.headers().get("origin");
    ///     eprintln!("cors: {} {}: {denial} ({origin:?})", request.method(), request.uri().path());
    /// });
    /// # Ok::<(), tower_cors::PolicyError>(())
    /// ```
    #[must_use]
    pub fn on_denial(self, hook: impl Fn(&Denial, RequestHead<'_>) + Send + Sync + 'static) -> Self {
        let shared = Shared { on_denial: Some(Arc::new(hook)), ..Arc::unwrap_or_clone(self.shared) };
        Self { shared: Arc::new(shared) }
    }

    /// Makes the bodies of the layer's own answers with a function, where the service's body type has no [`Default`].
    ///
    /// ```
    /// use bytes::Bytes;
    /// use http_body_util::{BodyExt, Empty, combinators::UnsyncBoxBody};
    /// use tower_cors::{CorsLayer, CorsPolicy};
    ///
    /// # let policy = CorsPolicy::builder().allow_origin("https://app.example.com").build()?;
    /// let layer = CorsLayer::from(policy).empty_body(|| UnsyncBoxBody::<Bytes, _>::new(Empty::new()));
    /// # Ok::<(), tower_cors::PolicyError>(())
    /// ```
    #[must_use]
    pub fn empty_body<F>(self, empty_body: F) -> CorsLayer<F> {
        let Shared { policy, on_denial, .. } = Arc::unwrap_or_clone(self.shared);
        CorsLayer { shared: Arc::new(Shared { policy, on_denial, empty_body }) }
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
        f.debug_struct("CorsLayer").field("policy", &self.shared.policy).finish_non_exhaustive()
    }
}
