//! What a log is told: the feature `tracing`.

use std::any::Any;
use std::sync::Arc;
use std::time::Instant;

use http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HeaderMap,
    HeaderValue, ORIGIN,
};
#[cfg(feature = "reload")]
use tracing::info;
use tracing::{Level, debug, enabled, error, trace, warn};

use super::refused::RefusedOrigins;
#[cfg(feature = "reload")]
use crate::policy::{CorsPolicy, PolicyChange};
use crate::protocol::{Decision, Denial, is_preflight, sent_to};
use crate::quoted::{MAX_QUOTED_BYTES, shown, text};
use crate::request::RequestHead;

/// What a filter names: `tower_cors=debug`.
const TARGET: &str = "tower_cors";

/// The events of one layer.
#[derive(Clone, Default)]
pub(super) struct Log {
    refused: Arc<RefusedOrigins>,
    refused_hosts: Arc<RefusedOrigins>,
}

/// The event of each denial.
pub(crate) struct Denied(pub(crate) Denial);

/// The event of an origin, or a host, that is refused for the first time.
pub(crate) struct RefusedOrigin(pub(crate) Denial);

/// The event of a look-up that panics.
pub(crate) struct LookupPanicked;

/// The event of a grant of the service's own that the policy overrules.
pub(crate) struct ReplacedGrant;

/// The event of a policy that is replaced by one that differs.
#[cfg(feature = "reload")]
pub(crate) struct ReplacedPolicy(pub(crate) PolicyChange);

/// Whether somebody listens to what is told of denials.
#[inline]
pub(super) fn wants_reason() -> bool {
    enabled!(target: TARGET, Level::WARN) || enabled!(target: TARGET, Level::DEBUG)
}

impl Log {
    #[inline]
    pub(super) fn report(&self, decision: &Decision, request: RequestHead<'_>) {
        if let Some(denial) = decision.denial() {
            if wants_reason() {
                self.denied(*denial, request);
            }
        } else if enabled!(target: TARGET, Level::TRACE) {
            passed(decision, request);
        }
    }

    #[cold]
    fn denied(&self, denial: Denial, request: RequestHead<'_>) {
        let preflight = is_preflight(request);
        let origin = request.headers().get(ORIGIN).map_or(&[][..], HeaderValue::as_bytes);
        let (kind, rule) = (denial.kind(), denial.field());
        let host = (denial == Denial::ForeignHost).then(|| sent_to(request).unwrap_or_default());
        let shown_host = host.map(shown);
        if enabled!(target: TARGET, Level::DEBUG) {
            // As text, not as something that prints: a subscriber then puts it between quotes, where it can look like no other
            // field.
            let (origin, method, path) = (shown(origin), shown(method(preflight, request)), path(request));
            let headers = if preflight { requested_headers(request) } else { None };
            let header = denial.header(request).map(|name| shown(name.as_bytes()));
            debug!(
                target: TARGET,
                kind,
                origin = origin.as_str(),
                host = shown_host.as_deref(),
                method = method.as_str(),
                path = path.as_str(),
                header = header.as_deref(),
                headers = headers.as_deref(),
                rule,
                preflight,
                "{}",
                Denied(denial)
            );
        }
        if (is_about_origin(denial) || host.is_some()) && enabled!(target: TARGET, Level::WARN) {
            let refused = if host.is_some() { &self.refused_hosts } else { &self.refused };
            if let Some(suppressed) = refused.first_refusal(host.unwrap_or(origin), Instant::now()) {
                let origin = shown(origin);
                warn!(
                    target: TARGET,
                    kind,
                    origin = origin.as_str(),
                    host = shown_host.as_deref(),
                    suppressed,
                    "{}",
                    RefusedOrigin(denial)
                );
            }
        }
    }
}

#[cold]
pub(super) fn lookup_panicked(payload: &(dyn Any + Send), request: RequestHead<'_>) {
    // What `panic!` panics with.
    let message = payload.downcast_ref::<&str>().copied();
    let message = message.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    let (panic, path) = (message.map(|message| shown(message.as_bytes())), path(request));
    let method = shown(request.method().as_str().as_bytes());
    error!(
        target: TARGET,
        kind = Denial::LookupPanicked.kind(),
        panic = panic.as_deref(),
        method = method.as_str(),
        path = path.as_str(),
        "{}",
        LookupPanicked
    );
}

pub(super) fn replaced_grant(replaced: &HeaderValue, headers: &HeaderMap) {
    if enabled!(target: TARGET, Level::DEBUG) {
        let replaced = shown(replaced.as_bytes());
        let with = headers.get(ACCESS_CONTROL_ALLOW_ORIGIN).map(|origin| shown(origin.as_bytes()));
        let (replaced, with) = (replaced.as_str(), with.as_deref());
        debug!(target: TARGET, kind = "grant-replaced", replaced, with, "{}", ReplacedGrant);
    }
}

#[cfg(feature = "reload")]
pub(super) fn replaced_policy(old: &CorsPolicy, new: &CorsPolicy) {
    if enabled!(target: TARGET, Level::INFO) {
        let change = ReplacedPolicy(old.difference(new));
        if !change.0.is_empty() {
            info!(target: TARGET, kind = "policy-replaced", widens = change.0.widens(), "{change}");
        }
    }
}

#[cold]
fn passed(decision: &Decision, request: RequestHead<'_>) {
    // Most requests have no origin, and CORS does not concern them.
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

/// Without the query, which may hold what nobody should read in a log: a token, an address.
fn path(request: RequestHead<'_>) -> String {
    shown(request.uri().path().as_bytes())
}

/// The start of all lines together: no more is read than is shown.
fn requested_headers(request: RequestHead<'_>) -> Option<String> {
    let mut lines = request.headers().get_all(ACCESS_CONTROL_REQUEST_HEADERS).iter();
    let mut joined = text(lines.next()?.as_bytes()).into_owned();
    for line in lines {
        if joined.len() > MAX_QUOTED_BYTES {
            break;
        }
        joined.push_str(", ");
        joined.push_str(&text(line.as_bytes()));
    }
    Some(shown(joined.as_bytes()))
}

/// A look-up that panicked was told of as an error; the origin has nothing to do with it.
fn is_about_origin(denial: Denial) -> bool {
    matches!(denial.field(), Some("allow_origins") | None) && denial != Denial::LookupPanicked
}
