//! Which origins may read: strangers, `null`, and origins that look like the page's.

use super::super::ask::{Grant, Way, Who};
use super::super::finding::Kind;
use super::super::look_alike::{LookAlike, look_alikes as all_look_alikes};
use super::super::survey::{Answer, Survey};
use super::{Outcome, Row, found};

/// Is an unknown origin allowed?
pub(super) fn stranger(survey: &Survey) -> Row {
    let outcome = foreign(survey, Who::Stranger, |answer| {
        let with_credentials = answer.grant == Grant::WithCredentials;
        let what = match (answer.way, with_credentials) {
            (Way::Request, true) => "The server repeats any origin, and allows it credentials.",
            (Way::Preflight, true) => "The server's preflight repeats any origin, and allows it credentials.",
            (Way::Request, false) => "The server repeats any origin, without credentials.",
            (Way::Preflight, false) => "The server's preflight repeats any origin, without credentials.",
        };
        found(Kind::AnyOrigin { with_credentials }, answer, what)
    });
    Row { question: "unknown origin", outcome }
}

/// Is `null` allowed, which any site can send?
pub(super) fn null(survey: &Survey) -> Row {
    let outcome = foreign(survey, Who::Null, |answer| {
        let with_credentials = answer.grant == Grant::WithCredentials;
        let and = if with_credentials { ", with credentials" } else { "" };
        found(Kind::Null { with_credentials }, answer, format!("The server allows the origin `null`{and}."))
    });
    Row { question: "origin `null`", outcome }
}

/// Is an origin allowed that only looks like the page's?
pub(super) fn look_alikes(survey: &Survey) -> Vec<Row> {
    let skipped = |why| vec![Row { question: "look-alikes", outcome: Outcome::Skipped(why) }];
    let Some(page) = &survey.page else {
        return skipped(if survey.is_own_page {
            "the page's origin is the server's own: CORS does not apply to it"
        } else {
            "give an origin that the server allows with `--origin`"
        });
    };
    if survey.reads(Who::Stranger) > Grant::Nothing {
        return skipped("any origin is allowed");
    }
    if survey.reads(Who::Page) == Grant::Nothing {
        return skipped("the server does not allow the page's origin");
    }
    let look_alikes = all_look_alikes(page);
    if look_alikes.is_empty() {
        return skipped("nobody else can have an origin that looks like the page's");
    }
    look_alikes.into_iter().map(|(kind, _)| look_alike(survey, kind)).collect()
}

fn look_alike(survey: &Survey, kind: LookAlike) -> Row {
    let question = match kind {
        LookAlike::Prefix => "page's origin as a prefix",
        LookAlike::Suffix => "page's domain as a suffix",
        LookAlike::Dot => "dot replaced",
        LookAlike::PublicSuffix => "same public suffix",
        LookAlike::Scheme => "`http:` in place of `https:`",
        LookAlike::Port => "another port",
        LookAlike::Subdomain => "subdomain",
    };
    let who = Who::LookAlike(kind);
    if kind == LookAlike::Dot && survey.of(who).next().is_none() && survey.why_unanswered(who).is_none() {
        return Row { question, outcome: Outcome::Skipped("the page's domain is allowed as a suffix") };
    }
    let outcome = foreign(survey, who, |answer| {
        // A wildcard for subdomains is often intended.
        if kind == LookAlike::Subdomain {
            return Outcome::Fine(format!(
                "`{}` is allowed: trust every subdomain, or list them",
                answer.origin
            ));
        }
        let with_credentials = answer.grant == Grant::WithCredentials;
        let and = if with_credentials { ", with credentials" } else { "" };
        found(
            Kind::LookAlike { kind, with_credentials },
            answer,
            format!("The server allows `{}`{and}.", answer.origin),
        )
    });
    Row { question, outcome }
}

/// The result of the answers to another origin. The worst of them counts; a public response is harmless.
fn foreign(survey: &Survey, who: Who, harm: impl Fn(&Answer) -> Outcome) -> Outcome {
    let mut answers: Vec<_> = survey.of(who).collect();
    // The first of those that grant the same: the request, if it grants as much as the preflight.
    answers.sort_by_key(|answer| std::cmp::Reverse(answer.grant));
    match answers.first() {
        None => Outcome::Unanswered(survey.why_unanswered(who).unwrap_or("not asked").to_owned()),
        Some(answer) => match answer.grant {
            Grant::Nothing => Outcome::Fine("not allowed".to_owned()),
            Grant::Public => {
                Outcome::Fine("may read without credentials, as any origin (`*`): a public API".to_owned())
            }
            Grant::Named | Grant::WithCredentials => harm(answer),
        },
    }
}
