//! What went over the wire, and what the policy decided about it.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::{HeaderMap, HeaderName, StatusCode, Uri, header};
use serde::Serialize;
use tower_cors::{CorsPolicy, Decision, Explanation, RequestHead};

/// More than a page with all its cases waits for at any time.
const CAPACITY: usize = 512;

/// Request headers that describe the browser and not the request, as do those that start with `sec-`.
const HIDDEN: [HeaderName; 9] = [
    header::ACCEPT,
    header::ACCEPT_ENCODING,
    header::ACCEPT_LANGUAGE,
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::HOST,
    header::REFERER,
    header::USER_AGENT,
    HeaderName::from_static("priority"),
];

/// The latest exchanges. The page marks each of its runs with a query (`?run=...`) and asks for the result.
#[derive(Default)]
pub(super) struct Log(Mutex<VecDeque<Entry>>);

struct Entry {
    run: String,
    policy: CorsPolicy,
    exchange: Exchange,
}

/// One request and its answer, as data for the page.
#[derive(Clone, Serialize)]
pub(super) struct Exchange {
    method: String,
    path: String,
    sent: Vec<(String, String)>,
    /// Which `Decision` it was: `preflight`, `rejected` or `actual`.
    decision: &'static str,
    denial: Option<Denied>,
    /// Every step, with the nearest rule and the fixes for a failure.
    explanation: Explanation,
    status: u16,
    received: Vec<(String, String)>,
}

/// A `Denial`, in words.
#[derive(Clone, Serialize)]
struct Denied {
    kind: &'static str,
    reason: String,
}

impl Log {
    pub(super) fn record(&self, run: String, policy: CorsPolicy, exchange: Exchange) {
        let mut entries = self.entries();
        if entries.len() == CAPACITY {
            entries.pop_front();
        }
        entries.push_back(Entry { run, policy, exchange });
    }

    /// The exchanges of a run, and the policy that decided the last of them.
    pub(super) fn of(&self, run: &str) -> Option<(CorsPolicy, Vec<Exchange>)> {
        let entries = self.entries();
        let of_run = || entries.iter().filter(|entry| entry.run == run);
        let policy = of_run().next_back()?.policy.clone();
        Some((policy, of_run().map(|entry| entry.exchange.clone()).collect()))
    }

    fn entries(&self) -> MutexGuard<'_, VecDeque<Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Exchange {
    pub(super) fn asked(head: RequestHead<'_>, policy: &CorsPolicy) -> Self {
        let decision = policy.decide(head);
        Self {
            method: head.method().to_string(),
            path: head.uri().path().to_owned(),
            sent: lines(head.headers(), |name| !HIDDEN.contains(name) && !name.as_str().starts_with("sec-")),
            decision: match decision {
                Decision::Preflight(_) => "preflight",
                Decision::Rejected(_) => "rejected",
                _ => "actual",
            },
            denial: decision
                .denial()
                .map(|denial| Denied { kind: denial.kind(), reason: denial.to_string() }),
            explanation: policy.explain(head),
            status: 0,
            received: Vec::new(),
        }
    }

    pub(super) fn answered(self, status: StatusCode, headers: &HeaderMap) -> Self {
        Self { status: status.as_u16(), received: lines(headers, |_| true), ..self }
    }
}

/// The mark at the start of the request's query. A request without one is not from the playground's pages, and is not recorded.
pub(super) fn run(uri: &Uri) -> Option<String> {
    uri.query()?.strip_prefix("run=")?.split('&').next().map(str::to_owned)
}

fn lines(headers: &HeaderMap, keep: impl Fn(&HeaderName) -> bool) -> Vec<(String, String)> {
    let kept = headers.iter().filter(|(name, _)| keep(name));
    kept.map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect()
}
