//! Requests, and what a browser would make of the answers.

use std::panic::{AssertUnwindSafe, catch_unwind};

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HOST, HeaderMap, HeaderName, ORIGIN,
};
use http::request::Builder;
use http::{HeaderValue, Method, Request};

use crate::policy::{APP, OWN_HOST};
use crate::service::{Answer, ITEMS, Layered, ask};

/// A few words for a cell.
pub(super) type Outcome = Result<String, Panicked>;

pub(super) struct Panicked;

/// The last question.
#[allow(clippy::unnecessary_wraps, reason = "what is asked before may panic")]
pub(super) fn word(word: &str) -> Outcome {
    Ok(word.to_owned())
}

pub(super) fn send(layered: &dyn Layered, request: Builder) -> Result<Answer, Panicked> {
    let request = request.body(()).expect("a request");
    catch_unwind(AssertUnwindSafe(|| ask(layered, request))).map_err(|_| Panicked)
}

pub(super) fn cross_origin(method: Method, path: &str, origin: &str) -> Builder {
    let origin = HeaderValue::from_bytes(origin.as_bytes()).expect("a value");
    Request::builder().method(method).uri(path).header(HOST, OWN_HOST).header(ORIGIN, origin)
}

pub(super) fn get(path: &str, origin: &str) -> Builder {
    cross_origin(Method::GET, path, origin)
}

/// Each of the lists of names is a line of its own.
pub(super) fn preflight(origin: &str, method: &str, lists: &[&str]) -> Builder {
    let request = cross_origin(Method::OPTIONS, ITEMS, origin).header(ACCESS_CONTROL_REQUEST_METHOD, method);
    lists.iter().fold(request, |request, names| request.header(ACCESS_CONTROL_REQUEST_HEADERS, *names))
}

/// All lines of a header, in one.
pub(super) fn text(headers: &HeaderMap, name: &HeaderName) -> String {
    let lines = headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
    lines.collect::<Vec<_>>().join(", ")
}

/// Whether a list has this word, in any case.
pub(super) fn lists(headers: &HeaderMap, name: &HeaderName, word: &str) -> bool {
    text(headers, name).split(',').any(|listed| listed.trim().eq_ignore_ascii_case(word))
}

pub(super) fn is_credentialed(answer: &Answer) -> bool {
    text(&answer.headers, &ACCESS_CONTROL_ALLOW_CREDENTIALS) == "true"
}

/// Whether a page may read the response to a request without credentials.
pub(super) fn is_let_in(layered: &dyn Layered, origin: &str) -> Result<bool, Panicked> {
    let answer = send(layered, get(ITEMS, origin))?;
    let allowed: Vec<_> = answer.headers.get_all(ACCESS_CONTROL_ALLOW_ORIGIN).iter().collect();
    Ok(matches!(allowed[..], [allowed] if allowed == "*" || allowed.as_bytes() == origin.as_bytes()))
}

/// Whether the preflight for these names succeeds, as the standard has it.
pub(super) fn covers(layered: &dyn Layered, names: &[&str]) -> Result<bool, Panicked> {
    let answer = send(layered, preflight(APP, "PUT", names))?;
    let is_listed = |name: &str| lists(&answer.headers, &ACCESS_CONTROL_ALLOW_HEADERS, name);
    let any = is_listed("*") && !is_credentialed(&answer);
    Ok(answer.status.is_success()
        && names.iter().all(|name| is_listed(name) || any && *name != "authorization"))
}

/// The result of a request that the handler could answer.
pub(super) fn reached(answer: &Answer) -> String {
    if answer.handler_ran { "reaches it".to_owned() } else { answer.status.as_u16().to_string() }
}
