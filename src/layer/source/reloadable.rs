//! A policy that is replaced while requests are served.

use std::fmt;
use std::sync::Arc;

use arc_swap::ArcSwap;

use crate::layer::watch::tell_of_replaced_policy;
use crate::policy::CorsPolicy;

/// Replaces the policy of a [reloadable](crate::CorsLayer::reloadable) layer. With the feature `reload`.
///
/// A clone replaces the same policy. When the last handle is dropped, the layer keeps its policy.
///
/// ```
/// use tower_cors::{CorsLayer, CorsPolicy};
///
/// let old = CorsPolicy::builder().allow_origin("https://app.example.com").build()?;
/// let new = old.to_builder().allow_origin("https://admin.example.com").build()?;
///
/// let (layer, handle) = CorsLayer::reloadable(old);
/// let app: axum::Router = axum::Router::new().layer(layer);
///
/// handle.store(new.clone()); // from here on, for every new request
/// assert_eq!(handle.load(), new);
/// # Ok::<(), tower_cors::PolicyError>(())
/// ```
#[derive(Clone)]
pub struct PolicyHandle {
    current: Arc<ArcSwap<CorsPolicy>>,
}

impl PolicyHandle {
    pub(in crate::layer) fn new(policy: CorsPolicy) -> Self {
        Self { current: Arc::new(ArcSwap::from_pointee(policy)) }
    }

    /// Replaces the policy. A request that was already decided is answered by the policy that decided it. No request
    /// waits.
    ///
    /// With the feature `tracing`, an event at the level INFO says what the change opens and closes, and whether it
    /// [widens](crate::PolicyChange::widens). Storing an equal policy emits no event.
    pub fn store(&self, policy: CorsPolicy) {
        let new = Arc::new(policy);
        let old = self.current.swap(Arc::clone(&new));
        tell_of_replaced_policy(&old, &new);
    }

    /// The policy that the next request is decided by.
    #[must_use]
    pub fn load(&self) -> CorsPolicy {
        self.with_current(CorsPolicy::clone)
    }

    #[inline]
    pub(super) fn with_current<T>(&self, read: impl FnOnce(&CorsPolicy) -> T) -> T {
        read(&self.current.load())
    }
}

impl fmt::Debug for PolicyHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PolicyHandle").field(&self.load()).finish()
    }
}
