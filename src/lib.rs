//! wip
#![cfg_attr(docsrs, feature(doc_cfg))]
mod decision;
mod header;
mod layer;
mod method;
mod origin;
mod policy;
mod quoted;
mod request;

pub use self::decision::{Actual, Decision, Denial, Preflight, Rejected};
pub use self::header::HeaderProblem;
pub use self::layer::{Cors, CorsLayer, DefaultBody, EmptyBody, ResponseFuture};
pub use self::method::MethodProblem;
pub use self::origin::{Origin, OriginPattern, OriginProblem};
pub use self::policy::{ConfigValue, CorsPolicy, CorsPolicyBuilder, Issue, PolicyError};
pub use self::request::RequestHead;
