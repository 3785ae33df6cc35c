//! The two requests of one fetch: the CORS-preflight request and the request itself.

/// What happened to the CORS-preflight request of a fetch.
///
/// For a fetch with redirects: the last of these variants that applies to any of its requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Preflight {
    /// Not needed: the request was to the page's own origin, or its method and all its headers are safelisted.
    NotNeeded,
    /// Needed, but the answer to an earlier one was still in the CORS-preflight cache.
    Cached,
    /// Sent.
    Sent,
}

/// Which of the two responses a refusal is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// The response to the preflight. The request itself was never sent.
    Preflight,
    /// The response to the request. The server has acted on it; the page does not learn the outcome.
    Actual,
}
