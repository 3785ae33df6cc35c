//! The tower layer around the decision.

mod body;
mod cors_layer;
mod future;
mod inner;
mod joined;
mod not_a_layer;
mod service;
mod settings;
mod shared;
mod source;
mod watch;

pub use self::body::{DefaultBody, EmptyBody};
pub use self::cors_layer::CorsLayer;
pub use self::future::ResponseFuture;
pub use self::service::Cors;
#[cfg(feature = "reload")]
pub use self::source::PolicyHandle;
#[cfg(all(feature = "reload", feature = "tracing"))]
pub(crate) use self::watch::ReplacedPolicy;
#[cfg(feature = "tracing")]
pub(crate) use self::watch::{Denied, LookupPanicked, RefusedOrigin, ReplacedGrant};
