//! Which values have to be added: remedy after remedy, until a browser lets the page read the response.

use http::Request;
use tower_cors::{CorsPolicy, Outcome as StepOutcome, Step};

use super::super::judge::{Judged, Outcome, judge};
use super::addition::{Addition, List};
use super::refusal::Refusal;
use crate::answer::Failure;
use crate::policy_file::PolicyFile;
use crate::question::Question;

/// A policy file on the way to one that answers a page.
pub(super) struct Search {
    /// With the additions.
    pub(super) file: PolicyFile,
    pub(super) additions: Vec<Addition>,
}

impl Search {
    /// Adds what the library advises until the page can read the response, or says why there is nothing to add.
    pub(super) fn satisfy(&mut self, question: &Question) -> Result<Result<(), Refusal>, Failure> {
        loop {
            let judged = judge(&self.file, question)?;
            if judged.is_read() {
                return Ok(Ok(()));
            }
            match next(&self.file.policies, question, &judged) {
                Ok(additions) => {
                    if let Err(refusal) = self.add(additions) {
                        return Ok(Err(refusal));
                    }
                }
                Err(refusal) => return Ok(Err(refusal)),
            }
        }
    }

    /// Each addition is a new one, so the search ends: a request has only so many methods and headers.
    fn add(&mut self, additions: Vec<Addition>) -> Result<(), Refusal> {
        for addition in additions {
            let policy = self.file.policies.get_mut(addition.policy);
            let changed = policy.and_then(|policy| Some((addition.to(policy).ok()?, policy)));
            match changed {
                Some((changed, policy)) if !self.additions.contains(&addition) => *policy = changed,
                _ => return Err(Refusal::NoEffect(addition)),
            }
            self.additions.push(addition);
        }
        Ok(())
    }
}

/// What to add next: something for each failed step of the exchange at which the browser has stopped.
fn next(policies: &[CorsPolicy], question: &Question, judged: &Judged) -> Result<Vec<Addition>, Refusal> {
    let blocked = || Refusal::Browser(match &judged.outcome {
        Outcome::Read { .. } => String::new(),
        Outcome::Blocked(blocked) => blocked.to_string(),
        Outcome::NeverSent(mistake) => mistake.to_string(),
    });
    let exchange = judged.exchanges.last().ok_or_else(blocked)?;
    let place = exchange.explanation.decided_by().ok_or_else(blocked)?;
    let failed = exchange.explanation.steps().iter().filter(|step| step.outcome() == StepOutcome::Failed);
    let (mut additions, mut stuck) = (Vec::new(), Vec::new());
    for step in failed {
        match addition(step, place) {
            Some(Addition { field: List::ServedAt, .. }) if question.server().is_none() => {
                return Err(Refusal::NoServer);
            }
            Some(new) if new.field != List::AllowOrigins || no_other_is_like(policies, &exchange.sent, &new) => {
                additions.push(new);
            }
            _ => stuck.push(step.clone()),
        }
    }
    match (stuck.is_empty(), additions.is_empty()) {
        (false, _) => Err(Refusal::Steps(stuck)),
        // What the policy does not see, such as a request with credentials.
        (true, true) => Err(blocked()),
        (true, false) => Ok(additions),
    }
}

fn addition(step: &Step, policy: usize) -> Option<Addition> {
    step.remedies().iter().find_map(|remedy| Addition::of(remedy, policy))
}

/// Whether no policy of a list has an origin that the new one only looks like. The policy that decides compares it with its own
/// alone. Credentials are left out here: a policy with them would also refuse an origin for its `http:`, which is another matter.
fn no_other_is_like(policies: &[CorsPolicy], sent: &Request<()>, new: &Addition) -> bool {
    policies.iter().enumerate().all(|(place, policy)| {
        let without_credentials = || policy.to_builder().allow_credentials(false).build().ok();
        let offers_it = |policy: CorsPolicy| {
            let explanation = policy.explain(sent);
            let offered = |step| addition(step, new.policy).as_ref() == Some(new);
            explanation.steps().iter().any(offered)
        };
        place == new.policy || without_credentials().is_some_and(offers_it)
    })
}
