//! Counters for Prometheus. Their labels come from short lists, whatever clients send.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError, RwLock};

use metrics::{Counter, counter, describe_counter};
use tower_cors::{Decision, Denial, Disagreement, RequestHead};

use crate::tally::Tally;

/// How many refused origins are counted by name. The others are counted as [`OTHER`].
const MOST_NAMED: usize = 20;

/// How often an origin must be refused to be counted by name: a random one is refused once.
const NAMED_FROM: u64 = 10;

/// How many are remembered until then.
const MOST_WATCHED: usize = 1000;

const OTHER: &str = "other";

/// For one policy.
pub(crate) struct Numbers {
    policy: &'static str,
    decisions: Family,
    disagreements: Family,
    refused: Mutex<Refused>,
}

impl Numbers {
    pub(crate) fn new(policy: &'static str) -> Self {
        describe_counter!("cors_decisions_total", "Requests, by decision.");
        describe_counter!(
            "cors_disagreements_total",
            "Requests that the policy and its shadow decide differently."
        );
        describe_counter!(
            "cors_refused_origins_total",
            "Requests from origins that are not allowed, the most frequent by name."
        );
        let decisions = Family::new("cors_decisions_total", ["kind", "outcome"]);
        let disagreements = Family::new("cors_disagreements_total", ["kind", "denial"]);
        Self { policy, decisions, disagreements, refused: Mutex::new(Refused::new()) }
    }

    pub(crate) fn decided(&self, decision: &Decision, request: RequestHead<'_>) {
        let origin = request.headers().get("origin");
        let kind = match decision {
            Decision::Preflight(_) => "preflight",
            Decision::Rejected(_) => "rejected",
            _ if origin.is_some() => "actual",
            _ => "no-origin",
        };
        let outcome = decision.denial().map_or("allowed", Denial::kind);
        self.decisions.count(self.policy, [kind, outcome]);
        if let (Some(Denial::OriginNotAllowed), Some(Ok(origin))) =
            (decision.denial(), origin.map(|value| value.to_str()))
        {
            self.refused.lock().unwrap_or_else(PoisonError::into_inner).count(self.policy, origin);
        }
    }

    pub(crate) fn disagreed(&self, disagreement: &Disagreement) {
        self.disagreements.count(self.policy, [disagreement.kind(), disagreement.denial().kind()]);
    }
}

/// The counters of one name, each made when it is first needed.
struct Family {
    name: &'static str,
    labels: [&'static str; 2],
    counters: RwLock<HashMap<[&'static str; 2], Counter>>,
}

impl Family {
    fn new(name: &'static str, labels: [&'static str; 2]) -> Self {
        Self { name, labels, counters: RwLock::default() }
    }

    fn count(&self, policy: &'static str, values: [&'static str; 2]) {
        if let Some(counter) = self.counters.read().unwrap_or_else(PoisonError::into_inner).get(&values) {
            return counter.increment(1);
        }
        let labels = [("policy", policy), (self.labels[0], values[0]), (self.labels[1], values[1])];
        let counter = counter!(self.name, &labels);
        counter.increment(1);
        self.counters.write().unwrap_or_else(PoisonError::into_inner).insert(values, counter);
    }
}

/// The origins that are refused repeatedly: probably a page of ours that somebody forgot.
struct Refused {
    watched: Tally,
    named: HashMap<String, Counter>,
}

impl Refused {
    fn new() -> Self {
        Self { watched: Tally::new(MOST_WATCHED), named: HashMap::new() }
    }

    fn count(&mut self, policy: &'static str, origin: &str) {
        if let Some(counter) = self.named.get(origin) {
            return counter.increment(1);
        }
        let is_named = self.watched.add(origin) >= NAMED_FROM && self.named.len() < MOST_NAMED;
        let label = if is_named { origin } else { OTHER };
        let labels = [("policy", policy.to_owned()), ("origin", label.to_owned())];
        let counter = counter!("cors_refused_origins_total", &labels);
        counter.increment(1);
        if is_named {
            self.named.insert(origin.to_owned(), counter);
        }
    }
}
