//! The steps of the Fetch Standard that CORS is made of, and the data they work on.
//!
//! From a script's call to its response: [`mod@main_fetch`], [`mod@http_fetch`] with the [`cors_preflight`] and the [`redirect`],
//! and [`network`], which calls the service under test.

mod agent;
mod blocked;
mod cache;
mod cookies;
mod cors_check;
mod cors_preflight;
mod engine;
mod exchange;
mod filtered;
mod header_list;
mod http_fetch;
mod http_url;
mod in_flight;
mod main_fetch;
mod metadata;
mod modes;
mod network;
mod network_error;
mod origin;
mod params;
mod redirect;
mod shown;
mod stage;

pub(super) use agent::UserAgent;
pub(crate) use blocked::Refusal;
pub use blocked::{Blocked, Reason};
pub use engine::Engine;
pub use exchange::Exchange;
pub(super) use filtered::Filtered;
pub use filtered::ResponseType;
pub(super) use header_list::extract_list;
pub(super) use http_url::{HttpUrl, UrlError};
pub(super) use in_flight::InFlight;
pub(super) use main_fetch::main_fetch;
pub use modes::{Credentials, Redirect};
pub(super) use network_error::NetworkError;
pub(super) use origin::Origin;
pub(super) use params::{BodySource, FetchParams};
pub(super) use shown::shown;
pub use stage::{Preflight, Stage};
