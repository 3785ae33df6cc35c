//! The server's answers, by sender.

use http::StatusCode;

use super::ask::{self, Ask, Grant, Way, Who};
use super::client::{Client, Exchange};
use super::look_alike::LookAlike;
use super::target::Target;

/// After this many requests in a row without an answer, no more are sent.
const MAX_UNANSWERED: usize = 2;

/// Why a request that a limit refused has no answer.
const LIMITED: &str = "the server limits the rate of requests (status 429): try again later";

/// All answers.
#[derive(Default)]
pub(super) struct Survey {
    /// The page's origin.
    pub(super) page: Option<String>,
    pub(super) is_own_page: bool,
    /// Whether the page's request has a preflight.
    pub(super) has_preflight: bool,
    pub(super) answers: Vec<Answer>,
    /// The requests that were not answered, and why.
    pub(super) unanswered: Vec<(Who, String)>,
}

/// One answer.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) who: Who,
    pub(super) way: Way,
    pub(super) origin: String,
    pub(super) exchange: Exchange,
    pub(super) grant: Grant,
}

fn is_limit(exchange: &Exchange) -> bool {
    exchange.answered.status() == StatusCode::TOO_MANY_REQUESTS
}

impl Survey {
    /// Sends one request after another. Fails only if the first request fails: the server cannot be reached.
    pub(super) fn take(client: &mut Client, target: &Target, plan: &[Ask]) -> Result<Self, String> {
        let mut survey = Self {
            page: target.page.clone(),
            is_own_page: target.is_own_page,
            has_preflight: target.has_preflight,
            ..Self::default()
        };
        let mut in_a_row = 0;
        for ask in plan {
            let Some((way, origin)) = survey.worth_asking(ask) else { continue };
            if in_a_row == MAX_UNANSWERED {
                survey.unanswered.push((ask.who, "not asked".to_owned()));
                continue;
            }
            match ask::send(client, target, &Ask { way, ..ask.clone() }, &origin) {
                Ok(exchange) => {
                    let grant = Grant::of(&exchange.answered, &origin);
                    // A limit says nothing about the origin: "not allowed" would be a guess.
                    if is_limit(&exchange) && grant == Grant::Nothing {
                        in_a_row += 1;
                        survey.unanswered.push((ask.who, LIMITED.to_owned()));
                        continue;
                    }
                    in_a_row = 0;
                    survey.answers.push(Answer { who: ask.who, way, origin, exchange, grant });
                }
                Err(error) if client.exchanges.is_empty() => return Err(error),
                Err(error) => {
                    in_a_row += 1;
                    survey.unanswered.push((ask.who, error));
                }
            }
        }
        Ok(survey)
    }

    /// How a request is sent, and from where, unless the answers so far make it moot.
    fn worth_asking(&self, ask: &Ask) -> Option<(Way, String)> {
        match (ask.who, &ask.origin) {
            // If every origin may read, so may they. If the page may not, they show no more than a stranger.
            (Who::LookAlike(kind), Some(origin)) => {
                let covered =
                    kind == LookAlike::Dot && self.reads(Who::LookAlike(LookAlike::Suffix)) > Grant::Public;
                if covered || self.reads(Who::Stranger) > Grant::Nothing {
                    return None;
                }
                let granted = self.of(Who::Page).find(|answer| answer.grant > Grant::Nothing)?;
                Some((granted.way, origin.clone()))
            }
            (_, Some(origin)) => Some((ask.way, origin.clone())),
            (_, None) => Some((ask.way, self.reader()?.to_owned())),
        }
    }

    /// The answers to one sender: to the request, and to the preflight.
    pub(super) fn of(&self, who: Who) -> impl Iterator<Item = &Answer> {
        self.answers.iter().filter(move |answer| answer.who == who)
    }

    /// The answer to one of the two requests.
    pub(super) fn answer(&self, who: Who, way: Way) -> Option<&Answer> {
        self.of(who).find(|answer| answer.way == way)
    }

    /// The most that one sender may read.
    pub(super) fn reads(&self, who: Who) -> Grant {
        self.of(who).map(|answer| answer.grant).max().unwrap_or(Grant::Nothing)
    }

    /// An origin that the server allows: the page's, or any.
    pub(super) fn reader(&self) -> Option<&str> {
        let mut answers = self.of(Who::Page).chain(self.of(Who::Stranger));
        answers.find(|answer| answer.grant > Grant::Nothing).map(|answer| answer.origin.as_str())
    }

    pub(super) fn why_unanswered(&self, who: Who) -> Option<&str> {
        self.unanswered.iter().find(|(asker, _)| *asker == who).map(|(_, why)| why.as_str())
    }
}
