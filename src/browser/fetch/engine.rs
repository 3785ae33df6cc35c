//! The browsers' engines, which differ in how long they cache a preflight.

use std::time::Duration;

/// The engine whose limit on `Access-Control-Max-Age` applies.
///
/// Fetch lets each browser shorten a max-age to its own limit. The default is the engine with the lowest limit, `WebKit`:
/// an answer that `WebKit` still caches is cached by every browser.
///
/// ```
/// # use std::time::Duration;
/// use tower_cors::browser::Engine;
///
/// assert_eq!(Engine::default().max_age_limit(), Duration::from_secs(600));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Engine {
    /// Chrome, Edge, Opera and others: 2 hours.
    Chromium,
    /// Firefox: 24 hours.
    Firefox,
    /// Safari: 10 minutes.
    #[default]
    WebKit,
}

impl Engine {
    /// The longest time for which a preflight is cached.
    #[must_use]
    pub const fn max_age_limit(self) -> Duration {
        Duration::from_secs(match self {
            Self::Chromium => 7_200,
            Self::Firefox => 86_400,
            Self::WebKit => 600,
        })
    }
}
