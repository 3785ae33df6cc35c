//! How preflights are answered.

use http::header::{ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, LOCATION, WWW_AUTHENTICATE};
use http::{HeaderName, StatusCode};

use super::super::ask::{Grant, Way, Who};
use super::super::finding::Kind;
use super::super::survey::{Answer, Survey};
use super::{Outcome, Row, found, joined, knows_cors};
use crate::shown::shown;

/// Is a preflight answered, by something in front of authentication, and with success?
pub(super) fn answered(survey: &Survey) -> Row {
    let preflight =
        survey.answer(Who::Page, Way::Preflight).or_else(|| survey.answer(Who::Stranger, Way::Preflight));
    let outcome = match preflight {
        None => Outcome::Unanswered(survey.why_unanswered(Who::Page).unwrap_or("not asked").to_owned()),
        Some(_) if survey.page.is_none() && !survey.answers.iter().any(knows_cors) => Outcome::Skipped(
            "the server shows no sign of CORS: give an origin that it allows with `--origin`",
        ),
        Some(answer) => judge(survey, answer),
    };
    Row { question: "preflight", outcome }
}

/// Fetch's redirect statuses.
const REDIRECTS: [u16; 5] = [301, 302, 303, 307, 308];

fn judge(survey: &Survey, answer: &Answer) -> Outcome {
    let status = answer.exchange.answered.status();
    let asks_who = joined(answer, &WWW_AUTHENTICATE).is_some();
    let code = status.as_u16();
    if matches!(code, 401 | 407) || (status == StatusCode::FORBIDDEN && asks_who) {
        let what = format!("The server answers a preflight with status {code}: it requires authentication.");
        return found(Kind::PreflightAuthentication, answer, what);
    }
    if REDIRECTS.contains(&code) {
        let to = joined(answer, &LOCATION).map(|to| format!(" to `{}`", shown(&to))).unwrap_or_default();
        return found(
            Kind::PreflightRedirect,
            answer,
            format!("The server redirects a preflight{to} (status {code})."),
        );
    }
    if status.is_success() {
        return Outcome::Fine(format!("answered with status {code}"));
    }
    // A server may give any answer to an origin that it does not allow.
    if answer.grant == Grant::Nothing && survey.reads(answer.who) == Grant::Nothing {
        return Outcome::Fine(format!(
            "refused with status {code}, because `{}` is not allowed",
            answer.origin
        ));
    }
    // A server of public files needs no preflights; it may send `*` with every answer.
    let is_static = !knows_cors(answer) || answer.grant == Grant::Public && !lists_for_preflights(answer);
    if !survey.has_preflight && is_static {
        return Outcome::Fine(format!(
            "status {code}: pages that need one cannot use this URL, but this one does not"
        ));
    }
    let what =
        format!("The server allows `{}`, but answers its preflight with status {code}.", answer.origin);
    found(Kind::PreflightStatus, answer, what)
}

/// Whether an answer allows what a preflight asks for.
fn lists_for_preflights(answer: &Answer) -> bool {
    [ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_HEADERS]
        .iter()
        .any(|name| joined(answer, name).is_some())
}

/// May any site reach a private network?
pub(super) fn private_network(survey: &Survey) -> Row {
    let outcome = match survey.answer(Who::Stranger, Way::Preflight) {
        None => Outcome::Unanswered(survey.why_unanswered(Who::Stranger).unwrap_or("not asked").to_owned()),
        Some(answer) if joined(answer, &PRIVATE_NETWORK).is_some_and(|value| value == "true") => found(
            Kind::PrivateNetwork,
            answer,
            "The server answers an unknown origin with `Access-Control-Allow-Private-Network: true`.",
        ),
        Some(_) => Outcome::Fine("not opened".to_owned()),
    };
    Row { question: "private network", outcome }
}

const PRIVATE_NETWORK: HeaderName = HeaderName::from_static("access-control-allow-private-network");
