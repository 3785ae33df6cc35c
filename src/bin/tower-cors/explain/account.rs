//! The result for one request: by the policies, and by its recorded responses.

use http::header::ORIGIN;
use http::{HeaderName, Request, Response};
use tower_cors::Explanation;
use tower_cors::browser::{Credentials, Stage};

use super::asked::{Asked, Case, Page, asked_by, text};
use super::compare::{Difference, differences};
use super::in_front;
use super::judge::{self, Exchange, Judged, Outcome};
use super::notes::notes;
use super::server::stand_in_for_server;
use super::target::Target;
use crate::answer::{Answer, Failure};
use crate::generous::is_preflight;
use crate::policy_file::PolicyFile;
use crate::question::Question;
use crate::saved::{Blocked, Recorded};

/// The account of one request.
pub(crate) struct Account {
    pub(crate) place: String,
    pub(crate) subject: Subject,
    pub(crate) verdict: Verdict,
    /// What the policies answer.
    pub(crate) exchanges: Vec<Exchange>,
    /// What a browser would say about the policies' answers, if it refuses them.
    pub(crate) console: Option<String>,
    pub(crate) recorded: Vec<Finding>,
    /// How the browser of the saved text refused it.
    pub(crate) refused: Option<Blocked>,
    pub(crate) caveats: Vec<String>,
    /// What must pass for the page to read the response, in each possible credentials mode.
    pub(crate) targets: Vec<Target>,
}

/// The request of the account.
pub(crate) struct Subject {
    pub(crate) page: Option<String>,
    pub(crate) method: String,
    pub(crate) url: String,
    /// Whether it is a preflight itself.
    pub(crate) is_preflight: bool,
    /// `None` for a preflight itself, and if it is unknown and makes no difference.
    pub(crate) credentials: Option<Credentials>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Verdict {
    /// The page reads the response.
    Readable,
    /// The page reads it, because CORS does not apply.
    SameOrigin,
    /// For a preflight itself: it passes.
    PreflightPasses,
    /// The policies refuse the preflight, or the response to the request.
    Blocked(Stage),
    /// No browser sends the request.
    NeverSent,
    /// The page asked with the mode `no-cors`.
    Opaque,
    /// The policies let the page read the response, but the recorded response does not.
    BlockedInFront,
    /// The missing information.
    Unknown(String),
}

impl Verdict {
    /// `None` if information is missing.
    pub(crate) fn answer(&self) -> Option<Answer> {
        match self {
            Self::Readable | Self::SameOrigin | Self::PreflightPasses => Some(Answer::Yes),
            Self::Blocked(_) | Self::NeverSent | Self::Opaque | Self::BlockedInFront => Some(Answer::No),
            Self::Unknown(_) => None,
        }
    }
}

/// A recorded response, and what it shows.
pub(crate) struct Finding {
    pub(crate) is_preflight: bool,
    pub(crate) response: Response<()>,
    /// What a browser says about it, if it refuses it.
    pub(crate) console: Option<String>,
    /// Empty if it is the policies' answer.
    pub(crate) differences: Vec<Difference>,
    /// Who probably answered instead, if it is not.
    pub(crate) cause: Option<String>,
    pub(crate) evidence: Vec<(HeaderName, String)>,
}

pub(super) const MISSING_ORIGIN: &str = "the text does not show the page's origin: give it with `--origin`";

pub(super) const MISSING_CREDENTIALS: &str = "the text does not show whether the request is sent with credentials, and the answer \
                                   depends on it: give `--credentials include` or `--credentials omit`";

const MODE_OF_PREFLIGHT: &str = "a preflight does not show whether the page asks with credentials. If it does, the browser refuses \
                                 the policy's answer: add `--credentials include` to check";

/// Gives an account of a request.
pub(crate) fn account(file: &PolicyFile, case: Case) -> Result<Account, Failure> {
    let Case { place, asked, recorded, caveats } = case;
    let account = match asked {
        Asked::Preflight(request) => of_preflight(file, &request, recorded),
        Asked::Page(page) => match of_page(file, page.clone(), &recorded) {
            Err(Failure::Question(what)) => unknown(page, what),
            other => other?,
        },
    };
    let is_old = (account.verdict == Verdict::BlockedInFront).then(|| MAY_BE_OLD.to_owned());
    let caveats = [caveats, account.caveats].concat().into_iter().chain(is_old).collect();
    Ok(Account { place, caveats, ..account })
}

const MAY_BE_OLD: &str = "if the policy has changed since this text was saved, save the request again: the text still has the old answer";

fn of_page(file: &PolicyFile, mut page: Page, recorded: &Recorded) -> Result<Account, Failure> {
    let stand_in = stand_in_for_server(file, &mut page);
    let mut account = of_resolved(file, page, recorded)?;
    for target in &mut account.targets {
        if let Target::Page { names_server, .. } = target {
            *names_server = stand_in.is_none();
        }
    }
    Ok(Account { caveats: stand_in.into_iter().chain(account.caveats).collect(), ..account })
}

fn of_resolved(file: &PolicyFile, page: Page, recorded: &Recorded) -> Result<Account, Failure> {
    let Some(origin) = page.origin.clone() else {
        return Ok(unknown(page, MISSING_ORIGIN.to_owned()));
    };
    let with = |credentials| of_question(file, &page.question(&origin, credentials), recorded);
    if page.no_cors {
        let account = with(page.credentials.unwrap_or_default())?;
        return Ok(if account.verdict == Verdict::SameOrigin { account } else { opaque(account) });
    }
    if let Some(credentials) = page.credentials {
        return with(credentials);
    }
    let (without, included) = (with(Credentials::SameOrigin)?, with(Credentials::Include)?);
    // A browser refused it: the likely mode is the one that the policies refuse.
    let is_explained_by_credentials = included.is_of_policies() && !without.is_of_policies();
    let is_known = without.verdict.answer() == included.verdict.answer();
    let mut account = match is_known {
        true if is_explained_by_credentials => included,
        true => Account {
            subject: Subject { credentials: None, ..without.subject },
            targets: [without.targets, included.targets].concat(),
            ..without
        },
        false => return Ok(unknown(page, MISSING_CREDENTIALS.to_owned())),
    };
    if is_explained_by_credentials {
        account
            .caveats
            .push("the policy refuses it only with credentials, which the text does not show".to_owned());
    }
    Ok(account)
}

pub(super) fn of_question(
    file: &PolicyFile,
    question: &Question,
    recorded: &Recorded,
) -> Result<Account, Failure> {
    let Judged { exchanges, outcome } = judge::judge(file, question)?;
    let findings = of_recorded(file, question, recorded)?;
    let is_refused = recorded.blocked.is_some() || findings.iter().any(|finding| finding.console.is_some());
    let (verdict, console) = match outcome {
        Outcome::NeverSent(mistake) => (Verdict::NeverSent, Some(mistake.to_string())),
        Outcome::Blocked(blocked) => (Verdict::Blocked(blocked.stage()), Some(blocked.to_string())),
        Outcome::Read { .. } if is_refused => (Verdict::BlockedInFront, None),
        Outcome::Read { is_same_origin: true } => (Verdict::SameOrigin, None),
        Outcome::Read { is_same_origin: false } => (Verdict::Readable, None),
    };
    let subject = Subject {
        page: Some(question.page.clone()),
        method: exchanges
            .last()
            .filter(|exchange| !exchange.is_preflight)
            .map_or_else(|| question.method.clone(), |exchange| exchange.sent.method().to_string()),
        url: exchanges
            .last()
            .map_or_else(|| question.url.clone(), |exchange| exchange.sent.uri().to_string()),
        is_preflight: false,
        credentials: Some(question.credentials),
    };
    let refused = recorded.blocked.clone();
    let caveats = notes(question, &exchanges);
    Ok(Account {
        place: String::new(),
        subject,
        verdict,
        exchanges,
        console,
        recorded: findings,
        refused,
        caveats,
        targets: vec![Target::Page { question: question.clone(), names_server: true }],
    })
}

/// The recorded responses, judged by a browser and by the policies.
fn of_recorded(file: &PolicyFile, question: &Question, recorded: &Recorded) -> Result<Vec<Finding>, Failure> {
    let mut findings = Vec::new();
    if let Some(response) = &recorded.preflight {
        let received = judge::judge_preflight_response(question, response)?;
        // No preflight is sent to the page's own origin.
        let sent = received.sent.iter().find(|sent| is_preflight(sent));
        findings.extend(sent.map(|sent| Finding::new(file, sent, true, response, &received.outcome)));
    }
    if let Some(response) = &recorded.response {
        let received = judge::judge_response(question, response)?;
        let is_same_origin = matches!(received.outcome, Outcome::Read { is_same_origin: true });
        let sent = received.sent.last().filter(|_| !is_same_origin);
        findings.extend(sent.map(|sent| Finding::new(file, sent, false, response, &received.outcome)));
    }
    Ok(findings)
}

fn of_preflight(file: &PolicyFile, request: &Request<()>, recorded: Recorded) -> Account {
    let explanation = Explanation::by_first_match(&file.policies, request);
    let answered = super::compare::of_policies(file, request, &Response::new(()));
    let finding = recorded.response.map(|response| {
        let outcome =
            asked_by(request).and_then(|page| judge::judge_preflight_response(&page, &response).ok());
        let outcome = outcome.map_or(Outcome::Read { is_same_origin: false }, |received| received.outcome);
        Finding::new(file, request, true, &response, &outcome)
    });
    let is_refused =
        recorded.blocked.is_some() || finding.as_ref().is_some_and(|finding| finding.console.is_some());
    let verdict = match explanation.denial() {
        Some(_) => Verdict::Blocked(Stage::Preflight),
        None if is_refused => Verdict::BlockedInFront,
        None => Verdict::PreflightPasses,
    };
    let is_for_any_mode = verdict != Verdict::PreflightPasses || passes_with_credentials(file, request);
    let subject = Subject {
        page: text(request, &ORIGIN),
        method: request.method().to_string(),
        url: request.uri().to_string(),
        is_preflight: true,
        credentials: None,
    };
    Account {
        place: String::new(),
        subject,
        verdict,
        exchanges: vec![Exchange { sent: request.clone(), answered, is_preflight: true, explanation }],
        console: None,
        recorded: finding.into_iter().collect(),
        refused: recorded.blocked,
        caveats: (!is_for_any_mode).then(|| MODE_OF_PREFLIGHT.to_owned()).into_iter().collect(),
        targets: vec![Target::Preflight(request.clone())],
    }
}

/// Whether the policies also allow a page that uses credentials.
fn passes_with_credentials(file: &PolicyFile, preflight: &Request<()>) -> bool {
    let question = asked_by(preflight).map(|page| Question { credentials: Credentials::Include, ..page });
    let judged = question.and_then(|question| judge::judge(file, &question).ok());
    judged.is_none_or(|judged| matches!(judged.outcome, Outcome::Read { .. }))
}

/// Fetch, main fetch, step 14: no policy is asked, and the page gets an opaque response.
fn opaque(account: Account) -> Account {
    let caveats = vec!["the page asked with the mode `no-cors`: change it to `cors`, the default".to_owned()];
    Account {
        verdict: Verdict::Opaque,
        exchanges: Vec::new(),
        console: None,
        recorded: Vec::new(),
        caveats,
        ..account
    }
}

fn unknown(page: Page, missing: String) -> Account {
    let subject = Subject {
        page: page.origin,
        method: page.method,
        url: page.url,
        is_preflight: false,
        credentials: page.credentials,
    };
    Account {
        place: String::new(),
        subject,
        verdict: Verdict::Unknown(missing),
        exchanges: Vec::new(),
        console: None,
        recorded: Vec::new(),
        refused: None,
        caveats: Vec::new(),
        targets: Vec::new(),
    }
}

impl Account {
    /// Whether the layer answers instead of the service, and a page can still read the answer.
    pub(super) fn is_the_layers_answer(&self) -> bool {
        self.exchanges.iter().any(|exchange| exchange.explanation.denial().is_some())
    }

    /// Whether the policies refuse the request.
    fn is_of_policies(&self) -> bool {
        matches!(self.verdict, Verdict::Blocked(_))
    }
}

impl Finding {
    fn new(
        file: &PolicyFile,
        request: &Request<()>,
        is_preflight: bool,
        response: &Response<()>,
        outcome: &Outcome,
    ) -> Self {
        let differences = differences(file, request, response);
        let (cause, evidence) = if differences.is_empty() {
            (None, Vec::new())
        } else {
            (
                Some(in_front::cause(request, is_preflight, response, &differences)),
                in_front::evidence(response),
            )
        };
        let console = match outcome {
            Outcome::Blocked(blocked) => Some(blocked.to_string()),
            Outcome::Read { .. } | Outcome::NeverSent(_) => None,
        };
        Self { is_preflight, response: response.clone(), console, differences, cause, evidence }
    }
}
