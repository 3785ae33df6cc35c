//! A listener that records the whole walk through the protocol, for an explanation.

use std::collections::HashSet;

use http::header::COOKIE;

use super::{Remedy, Step};
use crate::policy::CorsPolicy;
use crate::protocol::{Fact, Listener, Outcome};
use crate::request::RequestHead;
use crate::spec::{ANY, MaxAge};

/// The facts, in the order in which they were found.
#[derive(Default)]
pub(super) struct Account {
    heard: Vec<Heard>,
    /// The place of the one step that all allowed headers share.
    allowed_headers: Option<usize>,
    /// The lowercase names of the requested headers: each name is reported once, however often it is requested.
    names: HashSet<Vec<u8>>,
}

struct Heard {
    outcome: Outcome,
    about: Option<Vec<u8>>,
    fact: Fact,
}

impl Listener for Account {
    const HEARS_FACTS: bool = true;

    fn wants_reason(&self) -> bool {
        true
    }

    fn hear(&mut self, outcome: Outcome, about: Option<&[u8]>, fact: impl FnOnce() -> Fact) {
        let fact = fact();
        let mut about = about.map(<[u8]>::to_vec);
        if is_about_one_header(&fact) {
            let name = about.get_or_insert_default();
            name.make_ascii_lowercase();
            if !self.names.insert(name.clone()) {
                return;
            }
            // One step for all headers that pass, and one for each that fails.
            if fact == Fact::HeadersAllowed {
                if let Some(names) = self.names_of_allowed_headers() {
                    names.extend_from_slice(b", ");
                    names.extend_from_slice(name);
                    return;
                }
                self.allowed_headers = Some(self.heard.len());
            }
        }
        self.heard.push(Heard { outcome, about, fact });
    }
}

impl Account {
    /// `policy` is the one that decided.
    pub(super) fn into_steps(self, policy: Option<&CorsPolicy>, request: RequestHead<'_>) -> Vec<Step> {
        let notes = policy.map(|policy| self.notes(policy, request)).unwrap_or_default();
        let step = |Heard { outcome, about, fact }| {
            let about = about.as_deref();
            let remedies = match outcome {
                Outcome::Failed => Remedy::of(policy, &fact, about.unwrap_or_default()),
                Outcome::Passed | Outcome::Note => Vec::new(),
            };
            Step::new(outcome, about, fact, remedies)
        };
        let notes = notes.into_iter().map(|fact| Step::new(Outcome::Note, None, fact, Vec::new()));
        self.heard.into_iter().map(step).chain(notes).collect()
    }

    /// The place of the policy that decided. A selection is reported only if there are several policies.
    pub(super) fn decided_by(&self) -> usize {
        let selected = self.heard.iter().find_map(|heard| match heard.fact {
            Fact::PolicySelected { place, .. } => place.checked_sub(1),
            _ => None,
        });
        selected.unwrap_or_default()
    }

    fn names_of_allowed_headers(&mut self) -> Option<&mut Vec<u8>> {
        self.heard.get_mut(self.allowed_headers?)?.about.as_mut()
    }

    /// Notes for a page that may go on.
    fn notes(&self, policy: &CorsPolicy, request: RequestHead<'_>) -> Vec<Fact> {
        let heard = |wanted: fn(&Fact) -> bool| self.heard.iter().any(|heard| wanted(&heard.fact));
        let is_allowed = heard(|fact| matches!(fact, Fact::OriginAllowed(_) | Fact::ReadableByAll));
        if !is_allowed
            || heard(|fact| matches!(fact, Fact::MethodTooLong { .. } | Fact::TooManyHeaders { .. }))
        {
            return Vec::new();
        }
        let allowed = policy.rules().origins.with_credentials();
        if heard(|fact| *fact == Fact::Preflight) {
            let max_age = policy.spec().max_age.map(MaxAge::as_secs);
            return vec![Fact::CredentialsAllowed(allowed), Fact::MaxAge(max_age)];
        }
        // No decision reads a cookie. But readers want to know what a browser does with one.
        let has_cookies = request.headers().contains_key(COOKIE);
        let names = &policy.spec().expose_headers;
        let exposed = if *names == [ANY] { None } else { Some(names.clone()) };
        vec![Fact::CredentialsRead { allowed, has_cookies }, Fact::Exposed(exposed)]
    }
}

fn is_about_one_header(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::HeadersAllowed
            | Fact::HeaderRefused { .. }
            | Fact::AuthorizationNotListed
            | Fact::HeaderNotListed { .. }
    )
}
