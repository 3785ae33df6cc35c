//! What caches do with the answers.

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE, CACHE_CONTROL,
    VARY,
};
use tower_cors::browser::Engine;

use super::super::ask::{Grant, Way, Who};
use super::super::finding::Kind;
use super::super::survey::{Answer, Survey};
use super::{Outcome, Row, found, joined, knows_cors, lists};
use crate::shown::shown;

/// Do responses that depend on the origin say so?
pub(super) fn vary(survey: &Survey) -> Row {
    let answers: Vec<_> = [Who::Page, Who::Stranger, Who::Null, Who::SameOrigin]
        .into_iter()
        .filter_map(|who| survey.answer(who, Way::Request))
        // An error from something without CORS, such as a limit, does not depend on the origin.
        .filter(|answer| answer.exchange.answered.status().as_u16() < 400 || knows_cors(answer))
        .collect();
    let allowed = |answer: &Answer| {
        [ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_ALLOW_CREDENTIALS].map(|name| joined(answer, &name))
    };
    let outcome = match answers.split_first() {
        None | Some((_, [])) => Outcome::Skipped("there are no two responses to compare"),
        Some((first, others)) if others.iter().all(|answer| allowed(answer) == allowed(first)) => {
            Outcome::Fine("not needed: the CORS headers do not depend on the origin".to_owned())
        }
        // A cache keeps errors too, such as 404.
        Some(_) => {
            match answers.into_iter().chain(granted_error(survey)).find(|answer| may_be_mixed_up(answer)) {
                None => Outcome::Fine("responses depend on the origin, and `Vary` says so".to_owned()),
                Some(answer) => {
                    let to = match answer.who {
                        Who::SameOrigin => "a request without `Origin`".to_owned(),
                        _ => format!("`Origin: {}`", answer.origin),
                    };
                    let vary = match joined(answer, &VARY) {
                        Some(vary) => format!("only `Vary: {}`", shown(&vary)),
                        None => "no `Vary`".to_owned(),
                    };
                    let what = format!(
                        "The CORS headers depend on the origin, but the response to {to} has {vary}."
                    );
                    found(Kind::Vary, answer, what)
                }
            }
        }
    };
    Row { question: "`Vary: Origin`", outcome }
}

/// The response for a path that does not exist, if it names the origin that may read it.
fn granted_error(survey: &Survey) -> Option<&Answer> {
    survey.answer(Who::MissingPath, Way::Request).filter(|answer| answer.grant > Grant::Public)
}

/// Whether a cache may store a response without the origin in its key.
fn may_be_mixed_up(answer: &Answer) -> bool {
    !lists(answer, &VARY, "origin")
        && !lists(answer, &VARY, "*")
        && !lists(answer, &CACHE_CONTROL, "no-store")
}

/// Can a browser use the max-age of a preflight's answer as written?
pub(super) fn max_age(survey: &Survey) -> Row {
    let most = Engine::Firefox.max_age_limit().as_secs();
    let mut preflights =
        [Who::Page, Who::Stranger].into_iter().filter_map(|who| survey.answer(who, Way::Preflight));
    let outcome = match preflights.find_map(|answer| Some((answer, joined(answer, &ACCESS_CONTROL_MAX_AGE)?)))
    {
        None => Outcome::Fine("not sent: browsers keep a preflight's answer for 5 s".to_owned()),
        Some((answer, value)) => {
            let sent = format!("`Access-Control-Max-Age: {}`", shown(&value));
            match value.parse::<u64>() {
                // RFC 9111's delta-seconds has no sign.
                _ if !value.bytes().all(|byte| byte.is_ascii_digit()) || value.is_empty() => found(
                    Kind::MaxAge,
                    answer,
                    format!("The preflight's answer has {sent}, which is not a number of seconds."),
                ),
                Ok(seconds) if seconds <= Engine::Chromium.max_age_limit().as_secs() => {
                    Outcome::Fine(format!("{seconds} s"))
                }
                Ok(seconds) if seconds <= most => {
                    let chromium = Engine::Chromium.max_age_limit().as_secs();
                    Outcome::Fine(format!(
                        "{seconds} s in Firefox; Chromium keeps it for {chromium} s at most"
                    ))
                }
                _ => {
                    let what = format!(
                        "The preflight's answer has {sent}. No browser keeps it for more than {most} s."
                    );
                    found(Kind::MaxAge, answer, what)
                }
            }
        }
    };
    Row { question: "max-age", outcome }
}
