//! Which values to add: remedy after remedy, until a browser lets the page read the response.

use http::Request;
use tower_cors::{CorsPolicy, Explanation, Outcome as StepOutcome, Step};

use super::super::account::{Account, MISSING_CREDENTIALS, Verdict};
use super::super::judge::{Judged, Outcome, judge};
use super::super::target::Target;
use super::addition::{Addition, List};
use super::refusal::Refusal;
use crate::answer::Failure;
use crate::policy_file::PolicyFile;

/// A policy file during the search.
pub(super) struct Search {
    /// With the additions.
    pub(super) file: PolicyFile,
    pub(super) additions: Vec<Addition>,
}

/// Why a target does not pass.
struct Stop {
    /// The request that the policies refuse, and why.
    at: Option<(Request<()>, Explanation)>,
    /// The refusal if the policies do not refuse it.
    otherwise: Refusal,
}

impl Search {
    /// For the request of an account, in each possible credentials mode.
    pub(super) fn satisfy_all(&mut self, account: &Account) -> Result<Result<(), Refusal>, Failure> {
        match account.verdict {
            Verdict::BlockedInFront => return Ok(Err(Refusal::InFront)),
            Verdict::Opaque => return Ok(Err(Refusal::NoCors)),
            _ => {}
        }
        for target in &account.targets {
            match self.satisfy(target)? {
                Ok(()) => {}
                Err(Refusal::Blocked(_)) if account.targets.len() > 1 => {
                    return Err(Failure::new(MISSING_CREDENTIALS));
                }
                refused => return Ok(refused),
            }
        }
        Ok(Ok(()))
    }

    /// Adds what the library advises until the target passes, or says why that does not help.
    fn satisfy(&mut self, target: &Target) -> Result<Result<(), Refusal>, Failure> {
        while let Some(Stop { at, otherwise }) = self.stop(target)? {
            let additions = match at {
                Some((sent, explanation)) => next(&self.file.policies, target, &sent, &explanation),
                None => Ok(Vec::new()),
            };
            let added = match additions {
                Ok(additions) if additions.is_empty() => Err(otherwise),
                Ok(additions) => additions.into_iter().try_for_each(|addition| self.add(addition)),
                Err(refusal) => Err(refusal),
            };
            if added.is_err() {
                return Ok(added);
            }
        }
        Ok(Ok(()))
    }

    fn stop(&self, target: &Target) -> Result<Option<Stop>, Failure> {
        let question = match target {
            Target::Page { question, .. } => question,
            Target::Preflight(request) => {
                let explanation = Explanation::by_first_match(&self.file.policies, request);
                let is_refused = explanation.denial().is_some();
                let at = Some((request.clone(), explanation));
                return Ok(is_refused.then_some(Stop { at, otherwise: Refusal::Steps(Vec::new()) }));
            }
        };
        let Judged { exchanges, outcome } = judge(&self.file, question)?;
        let otherwise = match outcome {
            Outcome::Read { .. } => return Ok(None),
            Outcome::Blocked(blocked) => Refusal::Blocked(blocked),
            Outcome::NeverSent(mistake) => Refusal::NeverSent(mistake),
        };
        let at = exchanges.into_iter().last().map(|exchange| (exchange.sent, exchange.explanation));
        Ok(Some(Stop { at, otherwise }))
    }

    /// Each addition is new, so the search ends: a request has a limited number of methods and headers.
    fn add(&mut self, addition: Addition) -> Result<(), Refusal> {
        let policy = self.file.policies.get_mut(addition.policy);
        match policy.and_then(|policy| Some((addition.to(policy).ok()?, policy))) {
            Some((changed, policy)) if !self.additions.contains(&addition) => *policy = changed,
            _ => return Err(Refusal::NoEffect(addition)),
        }
        self.additions.push(addition);
        Ok(())
    }
}

/// What to add next: something for each step that fails.
fn next(
    policies: &[CorsPolicy],
    target: &Target,
    sent: &Request<()>,
    explanation: &Explanation,
) -> Result<Vec<Addition>, Refusal> {
    let names_server = !matches!(target, Target::Page { names_server: false, .. });
    let place = explanation.decided_by().unwrap_or_default();
    let (mut additions, mut stuck) = (Vec::new(), Vec::new());
    for step in explanation.steps().iter().filter(|step| step.outcome() == StepOutcome::Failed) {
        match advised(step, place) {
            Some(new) if new.field == List::ServedAt && !names_server => {
                return Err(Refusal::NoServer);
            }
            Some(new) => match look_alike(&new, policies, sent) {
                None => additions.push(new),
                Some(step) => stuck.push(step),
            },
            None => stuck.push(step.clone()),
        }
    }
    if stuck.is_empty() { Ok(additions) } else { Err(Refusal::Steps(stuck)) }
}

/// The first remedy that a patch may follow.
fn advised(step: &Step, policy: usize) -> Option<Addition> {
    step.remedies().iter().find_map(|remedy| Addition::of(remedy, policy))
}

/// What another policy of the list says about a new origin that only looks like one of its own: the deciding policy has
/// not compared it with those. Without credentials: with them, a policy also refuses an `http:` origin.
fn look_alike(new: &Addition, policies: &[CorsPolicy], sent: &Request<()>) -> Option<Step> {
    let mut others = policies.iter().enumerate().filter(|(place, _)| *place != new.policy);
    others.find_map(|(_, policy)| {
        let without_credentials = policy.to_builder().allow_credentials(false).build();
        let explanation = without_credentials.as_ref().unwrap_or(policy).explain(sent);
        let is_against = |step: &&Step| {
            step.outcome() == StepOutcome::Failed && advised(step, new.policy).as_ref() != Some(new)
        };
        let is_about_origin = |step: &&Step| step.kind() == "allowed-origin";
        let steps = explanation.steps().iter();
        steps.filter(is_about_origin).find(is_against).filter(|_| new.field == List::AllowOrigins).cloned()
    })
}
