//! Whether a page can read errors.

use super::super::ask::{Grant, Way, Who};
use super::super::finding::Kind;
use super::super::survey::Survey;
use super::{Outcome, Row, found, knows_cors};

/// The URL itself, if it answers with an error; and requests that cause other errors.
pub(super) fn all(survey: &Survey) -> Vec<Row> {
    let reader = survey.reader();
    let own = if survey.page.is_some() { Who::Page } else { Who::Stranger };
    [
        ("errors of this URL", own),
        ("errors: unknown path", Who::MissingPath),
        ("errors: `OPTIONS`, not a preflight", Who::PlainOptions),
        ("errors: without credentials", Who::Bare),
    ]
    .into_iter()
    .map(|(question, who)| {
        let outcome = if reader.is_none() {
            Outcome::Skipped("the server allows no origin that was tried")
        } else if let Some(answer) = survey.answer(who, Way::Request) {
            let status = answer.exchange.answered.status();
            let code = status.as_u16();
            if !status.is_client_error() && !status.is_server_error() {
                Outcome::Fine(format!("no error (status {code})"))
            } else if answer.grant > Grant::Nothing {
                Outcome::Fine(format!("status {code}, which the page can read"))
            } else if who == Who::MissingPath && knows_cors(answer) {
                Outcome::Fine(format!("status {code}, under another policy"))
            } else {
                let what = format!(
                    "The server lets `{}` read other responses, but not this one, with status {code}.",
                    answer.origin
                );
                found(Kind::Error, answer, what)
            }
        } else if who == Who::Bare && survey.why_unanswered(who).is_none() {
            Outcome::Skipped("no `--header` and no `--cookie` to leave out")
        } else {
            Outcome::Unanswered(survey.why_unanswered(who).unwrap_or("not asked").to_owned())
        };
        Row { question, outcome }
    })
    .collect()
}
