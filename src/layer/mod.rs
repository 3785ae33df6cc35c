//! The tower layer around the decision.

mod body;
mod caught;
mod cors_layer;
mod future;
mod inner;
mod joined;
mod not_a_layer;
mod service;
mod settings;
mod shadow;
mod shared;
mod source;
mod watch;

pub use self::body::{DefaultBody, EmptyBody};
pub use self::cors_layer::CorsLayer;
pub use self::future::ResponseFuture;
pub use self::service::Cors;
pub(crate) use self::shadow::Change;
pub use self::shadow::Disagreement;
#[cfg(feature = "reload")]
pub use self::source::PolicyHandle;
#[cfg(all(feature = "reload", feature = "tracing"))]
pub(crate) use self::watch::ReplacedPolicy;
#[cfg(feature = "tracing")]
pub(crate) use self::watch::{Denied, NewDisagreement, Panicked, RefusedOrigin, ReplacedGrant};
