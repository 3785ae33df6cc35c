//! The accounts for programs: one JSON document. Its shape is in `tower-cors explain --help`.

use std::io::{self, Write};

use http::{HeaderMap, Request, Response};
use serde::Serialize;
use tower_cors::browser::{Credentials, Stage};
use tower_cors::{Explanation, Remedy};

use super::Summary;
use super::account::{self, Account, Verdict};
use super::compare;
use super::patch;
use super::text::{of_cors, public_value, sentence, word};

#[derive(Serialize)]
struct Document<'a> {
    readable: bool,
    summary: Summary,
    requests: Vec<OneRequest<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    patch: Option<patch::Document<'a>>,
}

#[derive(Serialize)]
struct OneRequest<'a> {
    place: &'a str,
    verdict: &'a str,
    reason: &'a str,
    message: String,
    page: Option<&'a str>,
    method: &'a str,
    url: &'a str,
    credentials: Option<&'a str>,
    exchanges: Vec<Exchange<'a>>,
    browser: Option<&'a str>,
    remedies: Vec<&'a Remedy>,
    recorded: Recorded<'a>,
    caveats: &'a [String],
}

#[derive(Serialize)]
struct Exchange<'a> {
    preflight: bool,
    request: Sent<'a>,
    response: Head<'a>,
    explanation: &'a Explanation,
}

#[derive(Serialize)]
struct Sent<'a> {
    method: &'a str,
    url: String,
    /// A value that may be a secret is null.
    headers: Vec<(&'a str, Option<String>)>,
}

#[derive(Serialize)]
struct Head<'a> {
    status: u16,
    headers: Vec<(&'a str, String)>,
}

#[derive(Serialize)]
struct Recorded<'a> {
    responses: Vec<Finding<'a>>,
    refused: Option<Refused<'a>>,
}

#[derive(Serialize)]
struct Finding<'a> {
    preflight: bool,
    response: Head<'a>,
    of_this_policy: bool,
    differences: Vec<Difference<'a>>,
    cause: Option<&'a str>,
    evidence: Vec<(&'a str, &'a str)>,
    browser: Option<&'a str>,
}

#[derive(Serialize)]
struct Difference<'a> {
    of: &'a str,
    recorded: &'a [String],
    policy: &'a [String],
}

#[derive(Serialize)]
struct Refused<'a> {
    words: &'a str,
    status: Option<u16>,
}

/// Writes all accounts.
pub(crate) fn write(
    output: &mut impl Write,
    accounts: &[Account],
    summary: Summary,
    patch: Option<patch::Document<'_>>,
) -> io::Result<()> {
    let readable = summary.blocked + summary.unknown == 0;
    let requests = accounts.iter().map(OneRequest::of).collect();
    let document = Document { readable, summary, requests, patch };
    serde_json::to_writer_pretty(&mut *output, &document)?;
    writeln!(output)
}

impl<'a> OneRequest<'a> {
    fn of(account: &'a Account) -> Self {
        let Account { place, subject, verdict, exchanges, console, recorded, refused, caveats, targets: _ } =
            account;
        Self {
            place,
            verdict: word(verdict),
            reason: reason(verdict),
            message: sentence(account),
            page: subject.page.as_deref(),
            method: &subject.method,
            url: &subject.url,
            credentials: subject.credentials.map(mode),
            exchanges: exchanges.iter().map(Exchange::of).collect(),
            browser: console.as_deref(),
            remedies: exchanges.iter().flat_map(|exchange| exchange.explanation.remedies()).collect(),
            recorded: Recorded {
                responses: recorded.iter().map(Finding::of).collect(),
                refused: refused.as_ref().map(|refused| Refused {
                    words: &refused.words,
                    status: refused.status.map(|status| status.as_u16()),
                }),
            },
            caveats,
        }
    }
}

impl<'a> Exchange<'a> {
    fn of(exchange: &'a super::judge::Exchange) -> Self {
        Self {
            preflight: exchange.is_preflight,
            request: Sent::of(&exchange.sent),
            response: Head::of(&exchange.answered),
            explanation: &exchange.explanation,
        }
    }
}

impl<'a> Sent<'a> {
    fn of(request: &'a Request<()>) -> Self {
        let headers = |headers: &'a HeaderMap| {
            headers.iter().map(|(name, value)| (name.as_str(), public_value(name, value))).collect()
        };
        let url = request.uri().to_string();
        Self { method: request.method().as_str(), url, headers: headers(request.headers()) }
    }
}

impl<'a> Head<'a> {
    fn of(response: &'a Response<()>) -> Self {
        let headers = of_cors(response).map(|(name, value)| (name.as_str(), value)).collect();
        Self { status: response.status().as_u16(), headers }
    }
}

impl<'a> Finding<'a> {
    fn of(finding: &'a account::Finding) -> Self {
        let account::Finding { is_preflight, response, console, differences, cause, evidence } = finding;
        let difference = |difference: &'a compare::Difference| Difference {
            of: &difference.of,
            recorded: &difference.recorded,
            policy: &difference.of_policy,
        };
        Self {
            preflight: *is_preflight,
            response: Head::of(response),
            of_this_policy: differences.is_empty(),
            differences: differences.iter().map(difference).collect(),
            cause: cause.as_deref(),
            evidence: evidence.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect(),
            browser: console.as_deref(),
        }
    }
}

fn reason(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Readable => "allowed",
        Verdict::SameOrigin => "same-origin",
        Verdict::PreflightPasses => "preflight-passes",
        Verdict::Blocked(Stage::Preflight) => "preflight-refused",
        Verdict::Blocked(Stage::Actual) => "response-kept",
        Verdict::NeverSent => "never-sent",
        Verdict::Opaque => "no-cors",
        Verdict::BlockedInFront => "in-front",
        Verdict::Unknown(_) => "missing",
    }
}

fn mode(credentials: Credentials) -> &'static str {
    match credentials {
        Credentials::Omit => "omit",
        Credentials::SameOrigin => "same-origin",
        Credentials::Include => "include",
    }
}
