//! The results for programs: one JSON document.

use std::io::{self, Write};

use serde::Serialize;

use super::client::{Client, Exchange};
use super::finding::Severity;
use super::questions::{Outcome, Row};
use super::report::{MAX_LINES, request_lines, response_lines};
use super::target::Target;
use super::visit::Visit;
use crate::generous::is_preflight;
use crate::shown::shown;

#[derive(Serialize)]
struct Document<'a> {
    url: &'a str,
    /// The page's origin. `null` without `--origin`.
    origin: Option<&'a str>,
    /// How many requests were sent, and the most that could be sent without redirects.
    requests: usize,
    requests_at_most: usize,
    /// The page's request. `null` without `--origin`.
    page: Option<Page<'a>>,
    questions: Vec<Asked<'a>>,
}

#[derive(Serialize)]
struct Page<'a> {
    can_read: bool,
    /// What the browser's console says, and what to change.
    blocked: Option<&'a str>,
    exchanges: Vec<Shown>,
}

#[derive(Serialize)]
struct Asked<'a> {
    question: &'a str,
    /// `ok`, `finding`, `skipped` or `no answer`.
    outcome: &'static str,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    finding: Option<Finding>,
}

#[derive(Serialize)]
struct Finding {
    kind: &'static str,
    severity: Severity,
    why: &'static str,
    fix: &'static str,
    exchange: Shown,
}

/// The lines that matter, names in lower case. Values are escaped and cut, and the number of lines is limited.
#[derive(Serialize)]
struct Shown {
    is_preflight: bool,
    method: String,
    url: String,
    request_headers: Vec<(String, String)>,
    status: u16,
    response_headers: Vec<(String, String)>,
}

pub(super) fn write(
    output: &mut impl Write,
    target: &Target,
    at_most: usize,
    client: &Client,
    page: Option<(&str, &Visit)>,
    rows: &[Row],
) -> io::Result<()> {
    let document = Document {
        url: &target.url,
        origin: page.map(|(origin, _)| origin),
        requests: client.sent,
        requests_at_most: at_most,
        page: page.map(|(_, visit)| Page {
            can_read: visit.blocked.is_none(),
            blocked: visit.blocked.as_deref(),
            exchanges: visit.exchanges.iter().map(Shown::from).collect(),
        }),
        questions: rows.iter().map(Asked::from).collect(),
    };
    serde_json::to_writer_pretty(&mut *output, &document)?;
    writeln!(output)
}

impl<'a> From<&'a Row> for Asked<'a> {
    fn from(row: &'a Row) -> Self {
        let (outcome, text) = match &row.outcome {
            Outcome::Fine(text) => ("ok", text.as_str()),
            Outcome::Found(finding) => ("finding", finding.what.as_str()),
            Outcome::Skipped(why) => ("skipped", *why),
            Outcome::Unanswered(why) => ("no answer", why.as_str()),
        };
        let finding = row.finding().map(|finding| Finding {
            kind: finding.kind.name(),
            severity: finding.kind.severity(),
            why: finding.kind.why(),
            fix: finding.kind.fix(),
            exchange: Shown::from(&finding.answer.exchange),
        });
        Self { question: row.question, outcome, text, finding }
    }
}

impl From<&Exchange> for Shown {
    fn from(exchange: &Exchange) -> Self {
        Self {
            is_preflight: is_preflight(&exchange.sent),
            method: exchange.sent.method().to_string(),
            url: shown(&exchange.sent.uri().to_string()),
            request_headers: request_lines(exchange),
            status: exchange.answered.status().as_u16(),
            response_headers: response_lines(exchange).into_iter().take(MAX_LINES).collect(),
        }
    }
}
