//! Checks that a browser does not make: all headers of each answer, and whether the service ran.

use std::collections::BTreeMap;

use super::case::{Case, Step};
use super::exchange::Exchange;
use super::format::Lines;
use super::service::Record;

type Headers = BTreeMap<String, Vec<String>>;

/// The differences between the layer's answers and the case, one line each.
pub(super) fn differences(case: &Case, step: &Step, record: &Record) -> Vec<String> {
    if case.rules.is_none() {
        return Vec::new();
    }
    let count = record.exchanges.len();
    let answers = record.exchanges.iter().enumerate();
    let mut differences: Vec<String> = answers
        .filter_map(|(index, exchange)| {
            let expected = expected(case, step, exchange, index + 1 == count);
            let mut seen = exchange.response.clone();
            if exchange.is_preflight {
                seen.insert("status".to_owned(), vec![exchange.status.to_string()]);
            }
            let what = format!("the answer to {} {}", exchange.method, exchange.url);
            (seen != expected).then(|| format!("{what} has {seen:?}, not {expected:?}"))
        })
        .collect();

    let actual = record.exchanges.iter().filter(|exchange| !exchange.is_preflight).count();
    let rejected = usize::from(case.rejects && step.expected.denial.is_some() && actual > 0);
    if record.runs != actual - rejected {
        differences.push(format!("the service ran {} times, not {}", record.runs, actual - rejected));
    }
    differences
}

/// A refusal has the `Vary` of a grant, and no other header of CORS.
fn expected(case: &Case, step: &Step, exchange: &Exchange, is_last: bool) -> Headers {
    let origin = exchange.request.get("origin").and_then(|lines| lines.first());
    let overrides = if exchange.is_preflight { &case.answer.preflight } else { &case.answer.response };
    let mut expected = usual(exchange);
    override_with(&mut expected, overrides);
    let is_for_all = expected.get("access-control-allow-origin").is_some_and(|lines| lines == &["*"]);
    let is_refused = is_last && step.expected.blocked.as_deref() == Some("allow-origin-missing");
    let is_granted = case.granted.unwrap_or(!is_refused && (origin.is_some() || is_for_all));
    if !is_granted {
        if case.rejects && origin.is_some() && !exchange.is_preflight {
            // Rejected, or a same-origin request, which is not.
            expected.entry("vary".to_owned()).or_default()[0].push_str(", Sec-Fetch-Site");
        }
        expected.retain(|name, _| name == "vary");
        if exchange.is_preflight {
            expected.insert("status".to_owned(), vec!["403".to_owned()]);
        }
    }
    for line in expected.values_mut().flatten() {
        *line = line.replace("{origin}", origin.map_or("", String::as_str));
    }
    expected
}

/// The answers of a policy that only lists origins.
fn usual(exchange: &Exchange) -> Headers {
    const OF_OPTIONS: &str = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
    let vary = if exchange.method == "OPTIONS" { OF_OPTIONS } else { "Origin" };
    let mut lines = vec![("access-control-allow-origin", "{origin}"), ("vary", vary)];
    if exchange.is_preflight {
        lines.extend([("status", "204"), ("access-control-allow-methods", "GET, HEAD, POST")]);
    }
    lines.into_iter().map(|(name, line)| (name.to_owned(), vec![line.to_owned()])).collect()
}

/// Names are written without `access-control-`; an empty list removes a header.
fn override_with(headers: &mut Headers, overrides: &Lines) {
    for (name, lines) in overrides {
        let name = match name.as_str() {
            "vary" | "status" => name.clone(),
            name => format!("access-control-{name}"),
        };
        match lines.lines() {
            lines if lines.is_empty() => headers.remove(&name),
            lines => headers.insert(name, lines),
        };
    }
}
