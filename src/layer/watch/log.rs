//! The events for a log: the feature `tracing`.

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

use super::Panicked;
use super::told::Told;
use crate::layer::shadow::Disagreement;
#[cfg(feature = "reload")]
use crate::policy::{CorsPolicy, PolicyChange};
use crate::protocol::{Decision, Denial, is_preflight, sent_to};
use crate::quoted::{MAX_QUOTED_BYTES, shown, text};
use crate::request::RequestHead;

/// The name for filters: `tower_cors=debug`.
const TARGET: &str = "tower_cors";

/// The events of one layer.
#[derive(Clone, Default)]
pub(super) struct Log {
    refused: Arc<Told>,
    refused_hosts: Arc<Told>,
    disagreements: Arc<Told>,
}

/// The event for each denial.
pub(crate) struct Denied(pub(crate) Denial);

/// The event for an origin, or a host, that is refused for the first time.
pub(crate) struct RefusedOrigin(pub(crate) Denial);

/// The event for a difference between a layer and its shadow that is logged for the first time.
pub(crate) struct NewDisagreement(pub(crate) Disagreement);

/// The event for a grant by the service that the policy overrides.
pub(crate) struct ReplacedGrant;

/// The event for a policy that is replaced by one that differs.
#[cfg(feature = "reload")]
pub(crate) struct ReplacedPolicy(pub(crate) PolicyChange);

/// Whether a subscriber listens to the events about denials.
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
        let (kind, rule) = (denial.kind(), denial.field());
        let host = host(denial, request);
        if enabled!(target: TARGET, Level::DEBUG) {
            let shown = Shown::of(denial, request);
            debug!(
                target: TARGET,
                kind,
                origin = shown.origin.as_str(),
                host = shown.host.as_deref(),
                method = shown.method.as_str(),
                path = shown.path.as_str(),
                header = shown.header.as_deref(),
                headers = shown.headers.as_deref(),
                rule,
                preflight = shown.preflight,
                "{}",
                Denied(denial)
            );
        }
        if (is_about_origin(denial) || host.is_some()) && enabled!(target: TARGET, Level::WARN) {
            let origin = origin(request);
            let refused = if host.is_some() { &self.refused_hosts } else { &self.refused };
            if let Some(suppressed) = refused.is_new(&[host.unwrap_or(origin)], Instant::now()) {
                let (origin, host) = (shown(origin), host.map(shown));
                warn!(
                    target: TARGET,
                    kind,
                    origin = origin.as_str(),
                    host = host.as_deref(),
                    suppressed,
                    "{}",
                    RefusedOrigin(denial)
                );
            }
        }
    }

    #[cold]
    pub(super) fn disagreed(&self, disagreement: &Disagreement, request: RequestHead<'_>) {
        let denial = *disagreement.denial();
        let (kind, rule) = (disagreement.kind(), denial.field());
        if enabled!(target: TARGET, Level::DEBUG) {
            let shown = Shown::of(denial, request);
            debug!(
                target: TARGET,
                kind,
                denial = denial.kind(),
                origin = shown.origin.as_str(),
                host = shown.host.as_deref(),
                method = shown.method.as_str(),
                path = shown.path.as_str(),
                header = shown.header.as_deref(),
                headers = shown.headers.as_deref(),
                rule,
                preflight = shown.preflight,
                "{disagreement}",
            );
        }
        if enabled!(target: TARGET, Level::WARN) {
            // Only what the denial is about makes a difference new.
            let host = host(denial, request).unwrap_or_default();
            let method = if rule == Some("allow_methods") { method(request) } else { &[] };
            let header = denial.header(request).unwrap_or_default();
            let parts =
                [kind.as_bytes(), denial.kind().as_bytes(), origin(request), host, method, header.as_bytes()];
            if let Some(suppressed) = self.disagreements.is_new(&parts, Instant::now()) {
                let shown = Shown::of(denial, request);
                warn!(
                    target: TARGET,
                    kind,
                    denial = denial.kind(),
                    origin = shown.origin.as_str(),
                    host = shown.host.as_deref(),
                    method = shown.method.as_str(),
                    header = shown.header.as_deref(),
                    suppressed,
                    "{}",
                    NewDisagreement(*disagreement)
                );
            }
        }
    }
}

/// The fields about a denied request. They are strings, not `Display` values, so subscribers put them between quotes, where they
/// cannot pass for another field.
struct Shown {
    origin: String,
    host: Option<String>,
    method: String,
    path: String,
    header: Option<String>,
    headers: Option<String>,
    preflight: bool,
}

impl Shown {
    fn of(denial: Denial, request: RequestHead<'_>) -> Self {
        let preflight = is_preflight(request);
        Self {
            origin: shown(origin(request)),
            host: host(denial, request).map(shown),
            method: shown(method(request)),
            path: path(request),
            header: denial.header(request).map(|name| shown(name.as_bytes())),
            headers: if preflight { requested_headers(request) } else { None },
            preflight,
        }
    }
}

fn origin(request: RequestHead<'_>) -> &[u8] {
    request.headers().get(ORIGIN).map_or(&[][..], HeaderValue::as_bytes)
}

/// The host that a request was sent to, if the denial is about it.
fn host(denial: Denial, request: RequestHead<'_>) -> Option<&[u8]> {
    (denial == Denial::ForeignHost).then(|| sent_to(request).unwrap_or_default())
}

#[cold]
pub(super) fn panicked(what: Panicked, payload: &(dyn Any + Send), request: RequestHead<'_>) {
    // The two types that `panic!` panics with.
    let message = payload.downcast_ref::<&str>().copied();
    let message = message.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    let (panic, path) = (message.map(|message| shown(message.as_bytes())), path(request));
    let method = shown(request.method().as_str().as_bytes());
    error!(
        target: TARGET,
        kind = match what {
            Panicked::Lookup => Denial::LookupPanicked.kind(),
            Panicked::Shadow => "shadow-panicked",
        },
        panic = panic.as_deref(),
        method = method.as_str(),
        path = path.as_str(),
        "{what}",
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
    // Most requests have no origin: CORS does not apply to them.
    if let Some(origin) = request.headers().get(ORIGIN) {
        let origin = shown(origin.as_bytes());
        trace!(target: TARGET, origin = origin.as_str(), preflight = matches!(decision, Decision::Preflight(_)), "passed");
    }
}

/// The method that the page wants to use.
fn method(request: RequestHead<'_>) -> &[u8] {
    let requested = || request.headers().get(ACCESS_CONTROL_REQUEST_METHOD).map(HeaderValue::as_bytes);
    let own = request.method().as_str().as_bytes();
    if is_preflight(request) { requested().unwrap_or(own) } else { own }
}

/// Without the query, which may contain secrets that do not belong in a log, such as a token.
fn path(request: RequestHead<'_>) -> String {
    shown(request.uri().path().as_bytes())
}

/// The start of all lines together: it reads no more than is shown.
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

/// A panicked look-up was already logged as an error, and is not the origin's fault.
fn is_about_origin(denial: Denial) -> bool {
    matches!(denial.field(), Some("allow_origins") | None) && denial != Denial::LookupPanicked
}
