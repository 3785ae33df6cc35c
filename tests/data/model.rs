//! Runs a case in the model of a browser.

use std::fmt;
use std::time::Duration;

use tower_cors::browser::{
    Browser, Credentials, FetchError, Preflight, Reason, Redirect, Request, Response, ResponseType,
};

use super::case::Case;
use super::exchange::Exchange;
use super::format::Ask;
use super::outcome::{Blocked, Outcome, PreflightWord, Seen, without_transport};
use super::service::{App, Record, Recorder, app};
use super::wire;

/// A difference from the case.
#[derive(Debug, PartialEq)]
pub(crate) enum Difference {
    /// The policy is refused, and nothing ran.
    Policy(String),
    /// In what the page gets, or in what the server's hook was called with.
    Outcome { request: usize, seen: Seen, expected: Outcome },
    /// In something that the browser does not check.
    Wire { request: usize, what: String },
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Policy(error) => f.write_str(error),
            Self::Outcome { request, seen, expected } => {
                write!(f, "request {request}: seen: {seen}\n        expected: {expected}")
            }
            Self::Wire { request, what } => write!(f, "request {request}: {what}"),
        }
    }
}

/// Runs all steps of a case. Returns what the server saw at each, or all differences from the case.
///
/// `break_app` is put around the layer: the identity, or a mutant.
pub(crate) async fn run(
    case: &Case,
    break_app: impl Fn(App<String>) -> App<String>,
) -> Result<Vec<Record>, Vec<Difference>> {
    let recorder = Recorder::default();
    let app = app(case, &recorder).map_err(|error| vec![Difference::Policy(error)])?;
    let mut app = recorder.around(break_app(app));
    let mut browser = Browser::at(&case.page).server(&case.server);
    if case.has_cookie() {
        browser = browser.cookie("session=1");
    }
    let (mut records, mut differences) = (Vec::new(), Vec::new());
    for (index, step) in case.steps.iter().enumerate() {
        browser.advance(Duration::from_secs(step.wait));
        let result = browser.fetch(&mut app, request(case, &step.ask)).await;
        let record = recorder.take();
        let (request, seen) = (index + 1, seen(result, &record));
        if !seen.is(&step.expected) {
            differences.push(Difference::Outcome { request, seen, expected: step.expected.clone() });
        }
        let mut wire = wire::differences(case, step, &record);
        let logged: Vec<Exchange> = browser.log().iter().map(Exchange::of_log).collect();
        if logged != record.exchanges {
            wire.push(format!("logged {logged:?}, but the server saw {:?}", record.exchanges));
        }
        differences.extend(wire.into_iter().map(|what| Difference::Wire { request, what }));
        records.push(record);
    }
    if differences.is_empty() { Ok(records) } else { Err(differences) }
}

pub(crate) fn request(case: &Case, ask: &Ask) -> Request {
    let mut request = Request::new(ask.method.as_str(), case.url(ask))
        .credentials(match ask.credentials.as_str() {
            "omit" => Credentials::Omit,
            "same-origin" => Credentials::SameOrigin,
            "include" => Credentials::Include,
            other => panic!("{}: no credentials mode is called {other}", case.name),
        })
        .redirect(match ask.redirect.as_str() {
            "follow" => Redirect::Follow,
            "error" => Redirect::Error,
            "manual" => Redirect::Manual,
            other => panic!("{}: no redirect mode is called {other}", case.name),
        })
        .use_cors_preflight(ask.upload_progress);
    for (name, value) in &ask.headers {
        request = request.header(name.as_str(), value.as_str());
    }
    match &ask.body {
        Some(body) => request.text(body),
        None => request,
    }
}

pub(crate) fn seen<E: fmt::Debug>(result: Result<Response<String>, FetchError<E>>, record: &Record) -> Seen {
    let denial = record.denials.last().map(|kind| (*kind).to_owned());
    let blocked = |reason: &str, preflight: Preflight| Seen {
        blocked: Blocked::For(reason.to_owned()),
        preflight: preflight.into(),
        status: 0,
        response_type: String::new(),
        readable: [].into(),
        denial: denial.clone(),
    };
    match result {
        Ok(response) => Seen {
            blocked: Blocked::No,
            preflight: PreflightWord::from(response.preflight()),
            // As a script sees it.
            status: match response.response_type() {
                ResponseType::OpaqueRedirect => 0,
                _ => response.status().as_u16(),
            },
            response_type: match response.response_type() {
                ResponseType::Basic => "basic",
                ResponseType::Cors => "cors",
                ResponseType::OpaqueRedirect => "opaqueredirect",
                other => panic!("the cases have no word for {other:?}"),
            }
            .to_owned(),
            readable: without_transport(response.headers().keys().map(http::HeaderName::as_str)),
            denial: denial.clone(),
        },
        Err(FetchError::Blocked(refusal)) => blocked(word(refusal.reason()), refusal.preflight()),
        // A browser throws before it sends anything.
        Err(FetchError::Invalid(_)) => blocked("invalid-request", Preflight::NotNeeded),
        Err(error) => panic!("{error:?}"),
    }
}

/// A stable name for a reason.
fn word(reason: &Reason) -> &'static str {
    match reason {
        Reason::AllowOriginMissing => "allow-origin-missing",
        Reason::AllowOriginMismatch { .. } => "allow-origin-mismatch",
        Reason::AllowOriginWildcard => "allow-origin-wildcard",
        Reason::AllowCredentials { .. } => "allow-credentials",
        Reason::PreflightStatus { .. } => "preflight-status",
        Reason::MalformedList { .. } => "malformed-list",
        Reason::MethodNotAllowed { .. } => "method-not-allowed",
        Reason::HeaderNotAllowed { .. } => "header-not-allowed",
        Reason::RedirectMode => "redirect-mode",
        Reason::TooManyRedirects => "too-many-redirects",
        Reason::RedirectLocation { .. } => "redirect-location",
        Reason::RedirectScheme { .. } => "redirect-scheme",
        Reason::RedirectCredentials => "redirect-credentials",
        other => panic!("the cases have no word for {other:?}"),
    }
}
