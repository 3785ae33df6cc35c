//! Where browsers differ from the model of a browser.

use http::Uri;
use tower_cors::{Outcome, Step};

use super::judge::Exchange;
use crate::machine::is_this_machine;
use crate::question::Question;

const STILL_COVERED: &str = "this is the standard; Chromium, Firefox and WebKit still let `*` cover `Authorization`, so today the \
                             request may pass";

const MIXED_CONTENT: &str = "browsers do not send a request from an `https:` page to an `http:` URL (mixed content), \
                             whatever the policy says, except to this machine";

/// Notes on the answer.
pub(super) fn notes(question: &Question, exchanges: &[Exchange]) -> Vec<String> {
    let notes = [
        is_mixed_content(question).then_some(MIXED_CONTENT),
        exchanges.iter().any(refuses_authorization_alone).then_some(STILL_COVERED),
    ];
    notes.into_iter().flatten().map(str::to_owned).collect()
}

/// Whether a preflight fails only because `*` does not cover `Authorization`.
fn refuses_authorization_alone(exchange: &Exchange) -> bool {
    let mut failed = exchange.explanation.steps().iter().filter(|step| step.outcome() == Outcome::Failed);
    let is_about_it =
        |step: &Step| step.remedies().iter().any(|remedy| remedy.value() == Some("authorization"));
    let is_refused =
        exchange.explanation.denial().is_some_and(|denial| denial.kind() == "authorization-not-listed");
    is_refused && failed.all(is_about_it)
}

/// Mixed Content, section 4.4, which the model of a browser does not include.
fn is_mixed_content(question: &Question) -> bool {
    let is_plain = |url: &Uri| url.scheme_str() == Some("http") && !url.host().is_some_and(is_this_machine);
    question.page.starts_with("https:") && question.url.parse().is_ok_and(|url| is_plain(&url))
}
