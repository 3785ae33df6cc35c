//! One fetch, from its first request to its response.

use std::sync::Arc;

use http::StatusCode;

use super::agent::UserAgent;
use super::blocked::{Blocked, Reason, Refusal};
use super::in_flight::InFlight;
use super::modes::Redirect;
use super::stage::{Preflight, Stage};

/// Makes the body, each time it is sent.
pub(in crate::browser) type BodySource<B> = Arc<dyn Fn() -> B + Send + Sync>;

/// Fetch, "fetch params": all that the steps of one fetch share.
pub(in crate::browser) struct FetchParams<'a, S, B> {
    pub(in crate::browser) request: InFlight,
    pub(in crate::browser) body: Option<BodySource<B>>,
    pub(in crate::browser) redirect: Redirect,
    /// The network.
    pub(in crate::browser) app: &'a mut S,
    pub(in crate::browser) agent: &'a mut UserAgent,
    pub(in crate::browser) preflight: Preflight,
}

impl<S, B> FetchParams<'_, S, B> {
    /// The refusal of a response with `status`, for `reason`.
    pub(super) fn blocked(&self, stage: Stage, status: StatusCode, reason: Reason) -> Blocked {
        let request = &self.request;
        Blocked::new(Refusal {
            method: request.method.clone(),
            url: request.current_url().to_string(),
            page: request.origin.to_string(),
            origin: request.serialized_origin(),
            credentialed: request.is_credentialed(),
            stage,
            preflight: self.preflight,
            status,
            reason,
        })
    }
}
