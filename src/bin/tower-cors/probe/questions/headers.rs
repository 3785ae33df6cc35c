//! Headers that contradict each other, in any answer.

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS,
};

use super::super::finding::Kind;
use super::super::survey::{Answer, Survey};
use super::{Outcome, Row, found, joined, lists};
use crate::shown::shown;

/// Is there more than one `Access-Control-Allow-Origin`, in two lines or in one?
pub(super) fn two_origins(survey: &Survey) -> Row {
    let allowed = |answer: &Answer| joined(answer, &ACCESS_CONTROL_ALLOW_ORIGIN);
    let outcome = any(
        survey,
        "at most one",
        // An origin has neither comma nor space.
        |answer| allowed(answer).is_some_and(|value| value.trim().contains([',', ' '])),
        |answer| {
            let lines =
                answer.exchange.answered.headers().get_all(ACCESS_CONTROL_ALLOW_ORIGIN).iter().count();
            let value = shown(&allowed(answer).unwrap_or_default());
            let what = if lines > 1 {
                format!("The server sends `Access-Control-Allow-Origin` {lines} times: `{value}`.")
            } else {
                format!("The server sends more than one origin: `Access-Control-Allow-Origin: {value}`.")
            };
            found(Kind::TwoOrigins, answer, what)
        },
    );
    Row { question: "allowed origins in a response", outcome }
}

/// Is `*` combined with credentials?
pub(super) fn any_with_credentials(survey: &Survey) -> Row {
    let outcome = any(
        survey,
        "not combined",
        |answer| is_any(answer) && allows_credentials(answer),
        |answer| {
            let what = "The server sends `Access-Control-Allow-Origin: *` with `Access-Control-Allow-Credentials: true`.";
            found(Kind::AnyWithCredentials, answer, what)
        },
    );
    Row { question: "`*` with credentials", outcome }
}

/// Is a list `*` where `*` has no effect?
pub(super) fn list_with_credentials(survey: &Survey) -> Row {
    let lists_any = |answer: &Answer| LISTS.into_iter().find(|name| lists(answer, name, "*"));
    let is_wrong =
        |answer: &Answer| allows_credentials(answer) && !is_any(answer) && lists_any(answer).is_some();
    let outcome = any(survey, "not combined", is_wrong, |answer| {
        let name = lists_any(answer).map(|name| titled(name.as_str())).unwrap_or_default();
        let what = format!("The server allows credentials, but has a `*` in `{name}`.");
        found(Kind::ListWithCredentials, answer, what)
    });
    Row { question: "`*` in a list, with credentials", outcome }
}

const LISTS: [http::HeaderName; 3] =
    [ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_EXPOSE_HEADERS];

/// The first wrong answer, or the result for all of them.
fn any(
    survey: &Survey,
    fine: &str,
    is_wrong: impl Fn(&Answer) -> bool,
    found: impl Fn(&Answer) -> Outcome,
) -> Outcome {
    survey
        .answers
        .iter()
        .find(|answer| is_wrong(answer))
        .map_or_else(|| Outcome::Fine(fine.to_owned()), found)
}

fn is_any(answer: &Answer) -> bool {
    joined(answer, &ACCESS_CONTROL_ALLOW_ORIGIN).is_some_and(|value| value == "*")
}

fn allows_credentials(answer: &Answer) -> bool {
    joined(answer, &ACCESS_CONTROL_ALLOW_CREDENTIALS).is_some_and(|value| value == "true")
}

/// `Access-Control-Allow-Origin`, for `access-control-allow-origin`.
fn titled(name: &str) -> String {
    let words = name.split('-').map(|word| {
        let (first, rest) = word.split_at(word.len().min(1));
        first.to_ascii_uppercase() + rest
    });
    words.collect::<Vec<_>>().join("-")
}
