//! What the compiler says where a policy is taken for a layer.

use tower_layer::Layer;

use crate::policy::CorsPolicy;
use crate::spec::CorsPolicyBuilder;

/// Implemented for nothing, so that nothing becomes a layer by it. `Layer` is not ours to attach a message to; this is.
#[diagnostic::on_unimplemented(
    message = "`{P}` is not a layer",
    label = "wrap the policy: `CorsLayer::new(policy)`",
    note = "`tower_cors::CorsLayer` puts a policy in front of a service; a builder makes a policy with `.build()?`"
)]
pub trait IsALayer<P, S> {
    /// As `Layer` has it.
    type Service;

    /// As `Layer` has it.
    fn layer(policy: &P, inner: S) -> Self::Service;
}

/// A policy as it is. Of the policy's own type, the compiler would only say that it is no `Layer`.
#[derive(Debug)]
pub struct Unwrapped;

#[doc(hidden)]
impl<S> Layer<S> for CorsPolicy
where
    Unwrapped: IsALayer<Self, S>,
{
    type Service = <Unwrapped as IsALayer<Self, S>>::Service;

    fn layer(&self, inner: S) -> Self::Service {
        Unwrapped::layer(self, inner)
    }
}

#[doc(hidden)]
impl<S> Layer<S> for CorsPolicyBuilder
where
    Unwrapped: IsALayer<Self, S>,
{
    type Service = <Unwrapped as IsALayer<Self, S>>::Service;

    fn layer(&self, inner: S) -> Self::Service {
        Unwrapped::layer(self, inner)
    }
}
