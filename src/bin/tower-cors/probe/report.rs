//! The results for people.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use http::{HeaderMap, HeaderName};
use tower_cors::browser::Credentials;

use super::client::Exchange;
use super::finding::{Finding, Severity};
use super::questions::{Outcome, Row};
use super::survey::Survey;
use super::target::Target;
use super::visit::Visit;
use crate::generous::is_preflight;
use crate::paragraph::{PLAIN, WIDTH, paragraph, wrapped};
use crate::shown::{shown, shown_value};

/// How many header lines of a response are shown.
pub(super) const MAX_LINES: usize = 24;

/// The headers of a request that the answer may depend on.
const ASKED: [&str; 6] = [
    "origin",
    "access-control-request-method",
    "access-control-request-headers",
    "access-control-request-private-network",
    "authorization",
    "cookie",
];

/// The headers of a response that matter beside `Access-Control-*`.
const ANSWERED: [&str; 4] = ["vary", "location", "www-authenticate", "cache-control"];

pub(super) fn start(output: &mut impl Write, target: &Target, at_most: usize) -> io::Result<()> {
    let redirects = if target.page.is_some() || target.is_own_page {
        " A redirect of the page's request adds one or two."
    } else {
        ""
    };
    paragraph(
        output,
        0,
        ("", PLAIN),
        &format!("{}: at most {at_most} requests, one after another.{redirects}", shown(&target.url)),
    )
}

pub(super) fn visit(output: &mut impl Write, target: &Target, page: &str, visit: &Visit) -> io::Result<()> {
    writeln!(output)?;
    let credentials = match target.credentials {
        Credentials::Include => "with credentials",
        _ => "without credentials",
    };
    heading(output, &format!("A page at {}: {} {credentials}", shown(page), target.method))?;
    for exchange in &visit.exchanges {
        writeln!(output)?;
        write_exchange(output, exchange)?;
    }
    writeln!(output)?;
    match &visit.blocked {
        None => {
            let status = visit.exchanges.last().map_or(0, |exchange| exchange.answered.status().as_u16());
            paragraph(
                output,
                2,
                ("", PLAIN),
                &format!("The page can read the response, which has status {status}."),
            )
        }
        Some(blocked) => paragraph(output, 2, ("", PLAIN), blocked),
    }
}

pub(super) fn questions(output: &mut impl Write, survey: &Survey, rows: &[Row]) -> io::Result<()> {
    writeln!(output)?;
    heading(output, "Questions")?;
    writeln!(output)?;
    for row in rows {
        let (word, style, text) = match &row.outcome {
            Outcome::Fine(text) => ("ok", AnsiColor::Green.on_default(), shown(text)),
            Outcome::Found(finding) => {
                let severity = finding.kind.severity();
                (word(severity), style(severity), shown(&finding.what))
            }
            Outcome::Skipped(why) => ("skipped", Style::new(), (*why).to_owned()),
            Outcome::Unanswered(why) => ("no answer", AnsiColor::Yellow.on_default(), why.clone()),
        };
        let text = format!("{}: {text}", row.question);
        paragraph(output, 2, (&format!("{word:<10}"), style), &text)?;
    }
    for finding in rows.iter().filter_map(Row::finding) {
        writeln!(output)?;
        write_finding(output, finding)?;
    }
    let findings = rows.iter().filter(|row| row.finding().is_some()).count();
    writeln!(output)?;
    let unanswered = match survey.unanswered.len() {
        0 => String::new(),
        1 => " 1 request was not answered.".to_owned(),
        more => format!(" {more} requests were not answered."),
    };
    let found = match findings {
        0 => "No findings.".to_owned(),
        1 => "1 finding.".to_owned(),
        more => format!("{more} findings."),
    };
    paragraph(output, 0, ("", PLAIN), &format!("{found}{unanswered}"))
}

fn write_finding(output: &mut impl Write, finding: &Finding) -> io::Result<()> {
    let severity = finding.kind.severity();
    let style = style(severity).bold();
    writeln!(output, "{style}{}{style:#} {}", word(severity), finding.kind.name())?;
    paragraph(output, 2, ("", PLAIN), &shown(&finding.what))?;
    writeln!(output)?;
    write_exchange(output, &finding.answer.exchange)?;
    writeln!(output)?;
    paragraph(output, 2, ("why:", PLAIN), finding.kind.why())?;
    paragraph(output, 2, ("fix:", PLAIN), finding.kind.fix())
}

/// The lines of an exchange that matter, as `curl -v` marks them.
fn write_exchange(output: &mut impl Write, exchange: &Exchange) -> io::Result<()> {
    let Exchange { sent, answered } = exchange;
    let mark = if is_preflight(sent) { " (preflight)" } else { "" };
    line(output, ">", &format!("{} {}{mark}", sent.method(), shown(&sent.uri().to_string())))?;
    for (name, value) in request_lines(exchange) {
        line(output, ">", &format!("{name}: {value}"))?;
    }
    let reason = answered.status().canonical_reason().unwrap_or_default();
    line(output, "<", format!("{} {reason}", answered.status().as_u16()).trim_end())?;
    let lines = response_lines(exchange);
    for (name, value) in lines.iter().take(MAX_LINES) {
        line(output, "<", &format!("{name}: {value}"))?;
    }
    if lines.len() > MAX_LINES {
        line(output, "<", &format!("and {} lines more", lines.len() - MAX_LINES))?;
    }
    Ok(())
}

pub(super) fn request_lines(exchange: &Exchange) -> Vec<(String, String)> {
    relevant(exchange.sent.headers(), &ASKED)
}

pub(super) fn response_lines(exchange: &Exchange) -> Vec<(String, String)> {
    relevant(exchange.answered.headers(), &ANSWERED)
}

/// The lines of `Access-Control-*` and of some more headers. Secrets are not shown.
fn relevant(headers: &HeaderMap, names: &[&str]) -> Vec<(String, String)> {
    let is_relevant =
        |name: &HeaderName| names.contains(&name.as_str()) || name.as_str().starts_with("access-control-");
    let lines = headers.iter().filter(|(name, _)| is_relevant(name)).map(|(name, line)| {
        let is_secret = matches!(name.as_str(), "authorization" | "cookie");
        (shown(name.as_str()), if is_secret { "(not shown)".to_owned() } else { shown_value(line) })
    });
    let mut lines: Vec<_> = lines.collect();
    // In the order of this list, `Origin` first; repeated headers keep their order.
    lines.sort_by_key(|(name, _)| names.iter().position(|known| known == name).unwrap_or_default());
    lines
}

impl Row {
    pub(super) fn finding(&self) -> Option<&Finding> {
        match &self.outcome {
            Outcome::Found(finding) => Some(finding),
            _ => None,
        }
    }
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::High => "HIGH",
        Severity::Medium => "MEDIUM",
        Severity::Low => "LOW",
    }
}

fn style(severity: Severity) -> Style {
    match severity {
        Severity::High => AnsiColor::Red.on_default(),
        Severity::Medium => AnsiColor::Yellow.on_default(),
        Severity::Low => AnsiColor::Cyan.on_default(),
    }
}

fn heading(output: &mut impl Write, text: &str) -> io::Result<()> {
    let style = Style::new().bold();
    writeln!(output, "{style}{}{style:#}", wrapped(text, WIDTH).join("\n"))
}

/// A line of an exchange.
fn line(output: &mut impl Write, mark: &str, text: &str) -> io::Result<()> {
    paragraph(output, 4, (mark, PLAIN), text)
}
