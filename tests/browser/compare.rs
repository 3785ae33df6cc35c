//! Compares what a browser did with the model.

use std::fmt;

use libtest_mimic::Failed;

use super::console::Console;
use super::engine::Engine;
use super::script::ScriptSeen;
use super::server::Server;
use crate::data::case::{Case, Differs, Step};
use crate::data::exchange::Exchange;
use crate::data::model::run;
use crate::data::outcome::{Blocked, Outcome, PreflightWord, Seen, without_transport};
use crate::data::service::Record;

#[derive(Debug, Default)]
pub(crate) struct Report {
    cases: usize,
    requests: usize,
    /// Requests with a known difference of this browser, which is still there.
    differences: Vec<String>,
    /// One line for each case that fails.
    pub(crate) failures: Vec<String>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { cases, requests, differences, failures } = self;
        write!(f, "{cases} cases with {requests} requests, {} failed, ", failures.len())?;
        write!(f, "{} known differences", differences.len())?;
        differences.iter().try_for_each(|difference| write!(f, "\n    {difference}"))
    }
}

pub(crate) async fn compare(
    engine: Engine,
    server: &Server,
    seen: &[(String, Vec<ScriptSeen>)],
    console: Option<&Console>,
) -> Result<Report, Failed> {
    let mut report = Report::default();
    for (id, seen) in seen {
        let Some(case) = server.cases.iter().find(|case| case.id == *id) else { continue };
        let records = server.records(case);
        let model = run(case, |app| app).await.map_err(|lines| format!("{}: {lines:?}", case.name))?;
        if (seen.len(), records.len()) != (case.steps.len(), case.steps.len()) {
            return Err(format!("{}: {seen:?}, but the server saw {records:?}", case.name).into());
        }
        report.cases += 1;
        let mut lines = Vec::new();
        for (index, step) in case.steps.iter().enumerate() {
            report.requests += 1;
            let expected = step.expected_in(engine.name());
            let outcome = outcome(&seen[index], &records[index], expected);
            if !outcome.is(expected) {
                let error = seen[index].error().map(|error| format!(" ({error})")).unwrap_or_default();
                lines.push(format!("seen: {outcome}{error}\n        expected: {expected}"));
            }
            let (sent, modelled) = (&records[index].exchanges, &model[index].exchanges);
            if let Some(differs) = step.differs.get(engine.name()) {
                report.differences.push(format!("{}: {}", case.name, differs.because));
                lines.extend(not_as_known(differs, sent, modelled));
            } else if sent != modelled {
                lines.push(wire_difference(sent, modelled));
            }
        }
        lines.extend(console.and_then(|console| reasons_differ(case, console, engine)));
        if !lines.is_empty() {
            report.failures.push(format!("{} ({id})\n    {}", case.name, lines.join("\n    ")));
        }
    }
    let missing = server.cases.len() - report.cases;
    if missing > 0 {
        return Err(format!("{missing} cases did not run").into());
    }
    Ok(report)
}

fn outcome(seen: &ScriptSeen, record: &Record, expected: &Outcome) -> Seen {
    let is_sent = record.exchanges.iter().any(|exchange| exchange.is_preflight);
    let preflight = match expected.preflight {
        // A server cannot distinguish a cached preflight from one that was never needed.
        PreflightWord::Cached if !is_sent => PreflightWord::Cached,
        _ if is_sent => PreflightWord::Sent,
        _ => PreflightWord::None,
    };
    let denial = record.denials.last().map(|kind| (*kind).to_owned());
    match seen {
        ScriptSeen::Response { status, r#type, readable } => Seen {
            blocked: Blocked::No,
            preflight,
            status: *status,
            response_type: r#type.clone(),
            readable: without_transport(readable.iter().map(String::as_str)),
            denial,
        },
        ScriptSeen::Error { .. } => Seen {
            blocked: Blocked::ForSomeReason,
            preflight,
            status: 0,
            response_type: String::new(),
            readable: [].into(),
            denial,
        },
    }
}

/// Whether a known difference on the wire is gone, or has changed.
fn not_as_known(differs: &Differs, sent: &[Exchange], modelled: &[Exchange]) -> Option<String> {
    if sent == modelled {
        return Some(format!("no longer: {}", differs.because));
    }
    let rest = |exchanges: &[Exchange]| -> Vec<Exchange> {
        exchanges.iter().map(|exchange| exchange.clone().without(&differs.headers)).collect()
    };
    let (sent, modelled) = (rest(sent), rest(modelled));
    (!differs.headers.is_empty() && sent != modelled).then(|| wire_difference(&sent, &modelled))
}

/// The first exchange that differs from the model's.
fn wire_difference(sent: &[Exchange], modelled: &[Exchange]) -> String {
    let count = sent.len().max(modelled.len());
    let index = (0..count).find(|index| sent.get(*index) != modelled.get(*index)).unwrap_or_default();
    let shown = |exchanges: &[Exchange]| match exchanges.get(index) {
        Some(exchange) => format!("{exchange:?}"),
        None => "nothing".to_owned(),
    };
    let number = index + 1;
    format!("on the wire, {number}: {}\n        in the model, {number}: {}", shown(sent), shown(modelled))
}

/// Whether the console gives other reasons than the case. It says nothing about requests that CORS does not block, and the
/// driver cannot read the console of a sandboxed frame.
fn reasons_differ(case: &Case, console: &Console, engine: Engine) -> Option<String> {
    const NOT_CORS: [&str; 4] = ["invalid-request", "redirect-mode", "redirect-scheme", "too-many-redirects"];
    if case.page == "null" {
        return None;
    }
    let expected_of = |step: &Step| {
        let blocked = step.expected_in(engine.name()).blocked.clone();
        blocked.filter(|reason| !NOT_CORS.contains(&reason.as_str()))
    };
    let expected: Vec<String> = case.steps.iter().filter_map(expected_of).collect();
    let said = console.get(&case.id).cloned().unwrap_or_default();
    (said != expected).then(|| format!("the console says {said:?}, not {expected:?}"))
}
