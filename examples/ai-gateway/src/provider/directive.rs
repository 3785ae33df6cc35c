//! Directives for the simulated provider in a question, in brackets: `[fail 429]`, or for one model only, `[fail 429 gpt-4.1]`.

use std::time::Duration;

use axum::http::StatusCode;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Directive {
    /// `[fail STATUS]`: an error instead of an answer.
    Fail(StatusCode),
    /// `[hang]`: no answer at all.
    Hang,
    /// `[break]`: the answer is interrupted after a few words.
    Break,
    /// `[words NUMBER]`: the length of the answer.
    Words(usize),
    /// `[pause MILLISECONDS]`: between the words.
    Pause(Duration),
}

/// The directives for a model in a question.
pub(super) fn all(question: &str, model: &str) -> Vec<Directive> {
    let inside = question.split('[').skip(1).filter_map(|rest| Some(rest.split_once(']')?.0));
    inside.filter_map(|text| Directive::parse(text, model)).collect()
}

impl Directive {
    fn parse(text: &str, model: &str) -> Option<Self> {
        let mut words = text.split_whitespace();
        let directive = match words.next()? {
            "fail" => Self::Fail(words.next()?.parse().ok()?),
            "hang" => Self::Hang,
            "break" => Self::Break,
            "words" => Self::Words(words.next()?.parse::<u16>().ok()?.into()),
            "pause" => Self::Pause(Duration::from_millis(words.next()?.parse::<u16>().ok()?.into())),
            _ => return None,
        };
        words.next().is_none_or(|only| only == model).then_some(directive)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_may_ask_for_failures_of_one_model_or_of_all() {
        let busy = Directive::Fail(StatusCode::TOO_MANY_REQUESTS);
        let cases = [
            ("Why? [fail 429]", vec![busy]),
            (
                "[fail 429 small] [words 3][pause 10]",
                vec![busy, Directive::Words(3), Directive::Pause(Duration::from_millis(10))],
            ),
            ("[fail 429 large] [hang large]", vec![]),
            ("[fail] [fail x] [words -1] [so be it] [hang", vec![]),
        ];
        for (question, expected) in cases {
            assert_eq!(all(question, "small"), expected, "{question}");
        }
    }
}
