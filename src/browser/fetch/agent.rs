//! What a browser keeps from one fetch to the next.

use std::time::Duration;

use super::cache::Cache;
use super::cookies::CookieJar;
use super::engine::Engine;
use super::exchange::Exchange;

/// The user agent: what all fetches of one browser share.
#[derive(Debug, Clone, Default)]
pub(in crate::browser) struct UserAgent {
    pub(in crate::browser) engine: Engine,
    /// Whether the service receives whole URLs.
    pub(in crate::browser) absolute_form: bool,
    pub(super) cache: Cache,
    pub(in crate::browser) cookies: CookieJar,
    /// The time since the browser was started. Only the test moves it.
    pub(in crate::browser) clock: Duration,
    /// What the last fetch sent and received.
    pub(in crate::browser) log: Vec<Exchange>,
}
