//! What the compiler says where a policy is taken for a layer.

use tower_layer::Layer;

use crate::policy::CorsPolicy;
use crate::spec::CorsPolicyBuilder;

/// Implemented for nothing, so that nothing becomes a layer by it. `Layer` is not ours to attach a message to; this is.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a layer",
    label = "wrap the policy: `CorsLayer::new(policy)`",
    note = "`tower_cors::CorsLayer` puts a policy in front of a service; a builder makes a policy with `.build()?`"
)]
pub trait IsALayer<S> {
    /// As `Layer` has it.
    type Service;

    /// As `Layer` has it.
    fn layer(&self, inner: S) -> Self::Service;
}

#[doc(hidden)]
impl<S> Layer<S> for CorsPolicy
where
    Self: IsALayer<S>,
{
    type Service = <Self as IsALayer<S>>::Service;

    fn layer(&self, inner: S) -> Self::Service {
        IsALayer::layer(self, inner)
    }
}

#[doc(hidden)]
impl<S> Layer<S> for CorsPolicyBuilder
where
    Self: IsALayer<S>,
{
    type Service = <Self as IsALayer<S>>::Service;

    fn layer(&self, inner: S) -> Self::Service {
        IsALayer::layer(self, inner)
    }
}
