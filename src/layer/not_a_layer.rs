//! The compiler's message when a policy is used as a layer.

use tower_layer::Layer;

use crate::policy::CorsPolicy;
use crate::spec::CorsPolicyBuilder;

/// Implemented for no type, so it makes nothing a layer. It carries the message, because `Layer` is another crate's trait.
#[diagnostic::on_unimplemented(
    message = "`{P}` is not a layer",
    label = "wrap the policy: `CorsLayer::new(policy)`",
    note = "`tower_cors::CorsLayer` puts a policy in front of a service; a builder makes a policy with `.build()?`"
)]
pub trait IsALayer<P, S> {
    /// As in `Layer`.
    type Service;

    /// As in `Layer`.
    fn layer(policy: &P, inner: S) -> Self::Service;
}

/// A policy without its layer. With a bound on the policy's own type, the compiler would only say that it is not a `Layer`.
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
