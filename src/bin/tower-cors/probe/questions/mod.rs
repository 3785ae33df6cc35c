//! The questions about a server's CORS, judged by its answers. Nothing here sends anything.

mod caching;
mod errors;
mod headers;
mod origins;
mod preflight;

use http::HeaderName;
use http::header::VARY;

use super::finding::{Finding, Kind};
use super::survey::{Answer, Survey};

/// A question, and its result.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) question: &'static str,
    pub(super) outcome: Outcome,
}

#[derive(Clone, Debug)]
pub(super) enum Outcome {
    /// All is well: what the server does.
    Fine(String),
    Found(Box<Finding>),
    /// Why the question does not arise.
    Skipped(&'static str),
    /// Why there is no answer.
    Unanswered(String),
}

/// Every question, in the order in which they are printed.
pub(super) fn judge(survey: &Survey) -> Vec<Row> {
    let mut rows = vec![origins::stranger(survey), origins::null(survey)];
    rows.extend(origins::look_alikes(survey));
    rows.extend([
        caching::vary(survey),
        headers::two_origins(survey),
        headers::any_with_credentials(survey),
        headers::list_with_credentials(survey),
        preflight::answered(survey),
        caching::max_age(survey),
        preflight::private_network(survey),
    ]);
    rows.extend(errors::all(survey));
    rows
}

fn found(kind: Kind, answer: &Answer, what: impl Into<String>) -> Outcome {
    Outcome::Found(Box::new(Finding { kind, what: what.into(), answer: answer.clone() }))
}

/// All lines of a header of an answer, joined as browsers do.
fn joined(answer: &Answer, name: &HeaderName) -> Option<String> {
    let lines: Vec<_> = answer
        .exchange
        .answered
        .headers()
        .get_all(name)
        .iter()
        .map(|line| String::from_utf8_lossy(line.as_bytes()))
        .collect();
    (!lines.is_empty()).then(|| lines.join(", "))
}

/// Whether a header of an answer, a list, has a member. Members are compared without case.
fn lists(answer: &Answer, name: &HeaderName, member: &str) -> bool {
    joined(answer, name).is_some_and(|list| {
        list.split(',').any(|item| item.trim_matches([' ', '\t']).eq_ignore_ascii_case(member))
    })
}

/// Whether an answer was made by something with CORS.
fn knows_cors(answer: &Answer) -> bool {
    let mut names = answer.exchange.answered.headers().keys();
    lists(answer, &VARY, "origin") || names.any(|name| name.as_str().starts_with("access-control-"))
}
