//! What a log is told: the feature `tracing`.

use std::sync::Arc;
use std::time::Instant;

use http::header::{ACCESS_CONTROL_REQUEST_METHOD, HeaderValue, ORIGIN};
use tracing::{Level, debug, enabled, trace, warn};

use super::refused::RefusedOrigins;
use crate::decision::{Decision, Denial};
use crate::quoted::shown;
use crate::request::RequestHead;

/// What a filter names: `tower_cors=debug`.
const TARGET: &str = "tower_cors";

/// The events of one layer.
#[derive(Clone, Default)]
pub(super) struct Events {
    refused: Arc<RefusedOrigins>,
}

/// Whether somebody listens to what is told of denials.
#[inline]
pub(super) fn want_reason() -> bool {
    enabled!(target: TARGET, Level::WARN) || enabled!(target: TARGET, Level::DEBUG)
}

impl Events {
    #[inline]
    pub(super) fn report(&self, decision: &Decision, request: RequestHead<'_>) {
        if let Some(denial) = decision.denial() {
            if want_reason() {
                self.denied(*denial, matches!(decision, Decision::Preflight(_)), request);
            }
        } else if enabled!(target: TARGET, Level::TRACE) {
            passed(decision, request);
        }
    }

    #[cold]
    fn denied(&self, denial: Denial, preflight: bool, request: RequestHead<'_>) {
        let origin = request.headers().get(ORIGIN).map_or(&[][..], HeaderValue::as_bytes);
        let (kind, rule) = (denial.kind(), denial.field());
        if enabled!(target: TARGET, Level::DEBUG) {
            // As text, not as something that prints: a subscriber then puts it between quotes, where it can look like no other
            // field.
            let (origin, method) = (shown(origin), shown(method(preflight, request)));
            debug!(
                target: TARGET,
                kind,
                origin = origin.as_str(),
                method = method.as_str(),
                rule,
                preflight,
                "denied: {denial}"
            );
        }
        if is_about_origin(denial) && enabled!(target: TARGET, Level::WARN) {
            if let Some(suppressed) = self.refused.tell(origin, Instant::now()) {
                let origin = shown(origin);
                // Of any other, such as `null`, there is nothing to allow.
                let can_be_allowed = denial == Denial::OriginNotAllowed;
                let advice = if can_be_allowed { "; if the page is yours, allow its origin" } else { "" };
                warn!(
                    target: TARGET,
                    kind,
                    origin = origin.as_str(),
                    suppressed,
                    "a new origin is refused: {denial}{advice}"
                );
            }
        }
    }
}

#[cold]
fn passed(decision: &Decision, request: RequestHead<'_>) {
    // What has no origin is none of CORS's business, and most requests have none.
    if let Some(origin) = request.headers().get(ORIGIN) {
        let origin = shown(origin.as_bytes());
        trace!(target: TARGET, origin = origin.as_str(), preflight = matches!(decision, Decision::Preflight(_)), "passed");
    }
}

/// The method that the page wants to use.
fn method(preflight: bool, request: RequestHead<'_>) -> &[u8] {
    let requested = || request.headers().get(ACCESS_CONTROL_REQUEST_METHOD).map(HeaderValue::as_bytes);
    let own = request.method().as_str().as_bytes();
    if preflight { requested().unwrap_or(own) } else { own }
}

fn is_about_origin(denial: Denial) -> bool {
    matches!(denial.field(), Some("allow_origins") | None)
}
