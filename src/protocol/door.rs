//! Who keeps requests from the service: the policies that reject.

use std::slice;

use super::listener::{Fact, Listener, Outcome, Selection};
use super::{Decision, Denial, Rejected, site};
use crate::origin::{Origin, ServedAt};
use crate::policy::CorsPolicy;
use crate::request::RequestHead;

/// The policies that have a say about whether a request reaches the service. What one of them rejects, another does not let in.
#[derive(Clone, Copy)]
pub(super) struct Door<'p>(&'p [CorsPolicy]);

impl<'p> Door<'p> {
    #[inline]
    pub(super) fn of(policy: &'p CorsPolicy) -> Self {
        Self(slice::from_ref(policy))
    }

    #[inline]
    pub(super) fn of_all(policies: &'p [CorsPolicy]) -> Self {
        Self(policies)
    }

    #[inline]
    pub(super) fn rejects(self) -> bool {
        self.guards().next().is_some()
    }

    /// The rejection of a request that was not sent to the service's own origins: RFC 9110, section 7.4. This is asked first, as
    /// it is for nobody else to hear what such a request says.
    #[inline]
    pub(super) fn misdirected(
        self,
        request: RequestHead<'_>,
        listener: &mut impl Listener,
    ) -> Option<Decision> {
        let mut is_own = false;
        for (index, policy) in self.0.iter().enumerate() {
            let origins = &policy.rules().origins;
            let Some(served_at) = origins.served_at().filter(|_| origins.reject_disallowed()) else {
                continue;
            };
            is_own = site::is_sent_to_own(request, served_at);
            if !is_own {
                return Some(self.turn_away(index, served_at, request, listener));
            }
        }
        if is_own {
            listener.hear(Outcome::Passed, site::sent_to(request), || Fact::OwnHost);
        }
        None
    }

    #[cold]
    fn turn_away(
        self,
        index: usize,
        served_at: &ServedAt,
        request: RequestHead<'_>,
        listener: &mut impl Listener,
    ) -> Decision {
        if self.0.len() > 1 {
            listener.hear(Outcome::Note, None, || Fact::PolicySelected {
                place: index + 1,
                count: self.0.len(),
                reason: Selection::ForeignHost,
            });
        }
        listener.hear(Outcome::Failed, site::sent_to(request), || site::foreign(request, served_at));
        listener.hear(Outcome::Note, None, || Fact::Misdirected);
        let vary = self.0[index].answers().varying.of(request.method(), false).clone();
        Decision::Rejected(Rejected { vary, denial: Denial::ForeignHost })
    }

    /// Whether a request whose origin `policy` does not allow is from a page of the service's own: where some policies reject, in the
    /// judgement of all of these, and else in its.
    pub(super) fn is_same_origin(
        self,
        policy: &CorsPolicy,
        request: RequestHead<'_>,
        named: Result<Origin<'_>, Denial>,
    ) -> bool {
        let is_for =
            |judge: &CorsPolicy| site::is_same_origin(request, named, judge.rules().origins.served_at());
        if self.rejects() { self.guards().all(is_for) } else { is_for(policy) }
    }

    /// Whether `Sec-Fetch-Site` decides what is let in: for a policy that does not know the service's own origins.
    #[inline]
    pub(super) fn looks_at_site(self) -> bool {
        self.guards().any(|policy| policy.rules().origins.served_at().is_none())
    }

    #[inline]
    fn guards(self) -> impl Iterator<Item = &'p CorsPolicy> {
        self.0.iter().filter(|policy| policy.rules().origins.reject_disallowed())
    }
}
