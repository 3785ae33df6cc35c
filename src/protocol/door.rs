//! The policies that reject requests, and so keep them from the service.

use std::slice;

use super::listener::{Fact, Listener, Outcome, Selection};
use super::{Decision, Denial, Rejected, site};
use crate::origin::Origin;
use crate::policy::CorsPolicy;
use crate::request::RequestHead;

/// The policies that decide whether a request reaches the service. If one of them rejects a request, no other one can let it in.
///
/// Every request only reads a flag: most policies do not reject, so their requests need no walk over the policies.
#[derive(Clone, Copy)]
pub(super) struct Door<'p> {
    policies: &'p [CorsPolicy],
    rejects: bool,
    /// Whether any policy that rejects names the service's own origins.
    knows_hosts: bool,
}

impl<'p> Door<'p> {
    #[inline]
    pub(super) fn of(policy: &'p CorsPolicy) -> Self {
        let origins = &policy.rules().origins;
        let rejects = origins.reject_disallowed();
        let knows_hosts = rejects && origins.served_at().is_some();
        Self { policies: slice::from_ref(policy), rejects, knows_hosts }
    }

    pub(super) fn of_all(policies: &'p [CorsPolicy]) -> Self {
        let doors = || policies.iter().map(Self::of);
        Self {
            policies,
            rejects: doors().any(|door| door.rejects),
            knows_hosts: doors().any(|door| door.knows_hosts),
        }
    }

    #[inline]
    pub(super) fn rejects(self) -> bool {
        self.rejects
    }

    /// The rejection of a request that was not sent to the service's own origins: RFC 9110, section 7.4. This comes first: nothing
    /// else may read a request that is not for this service.
    #[inline]
    pub(super) fn misdirected(
        self,
        request: RequestHead<'_>,
        listener: &mut impl Listener,
    ) -> Option<Decision> {
        if self.knows_hosts { self.judge_host(request, listener) } else { None }
    }

    #[inline(never)]
    fn judge_host(self, request: RequestHead<'_>, listener: &mut impl Listener) -> Option<Decision> {
        let host = site::sent_to(request);
        for (index, policy) in self.policies.iter().enumerate() {
            let origins = &policy.rules().origins;
            let served_at = origins.served_at().filter(|_| origins.reject_disallowed());
            let foreign = served_at.filter(|served_at| !site::is_sent_to_own(request, served_at));
            let Some(served_at) = foreign else { continue };
            if self.policies.len() > 1 {
                listener.hear(Outcome::Note, None, || Fact::PolicySelected {
                    place: index + 1,
                    count: self.policies.len(),
                    reason: Selection::ForeignHost,
                });
            }
            listener.hear(Outcome::Failed, host, || site::foreign(request, served_at));
            listener.hear(Outcome::Note, None, || Fact::Misdirected);
            let vary = policy.answers().varying.of(request.method(), false).clone();
            return Some(Decision::Rejected(Rejected { vary, denial: Denial::ForeignHost }));
        }
        listener.hear(Outcome::Passed, host, || Fact::OwnHost);
        None
    }

    /// Whether a request is same-origin, if `policy` does not allow its origin. All policies that reject must agree; if none rejects,
    /// `policy` decides.
    pub(super) fn is_same_origin(
        self,
        policy: &CorsPolicy,
        request: RequestHead<'_>,
        named: Result<Origin<'_>, Denial>,
    ) -> bool {
        let is_for =
            |judge: &CorsPolicy| site::is_same_origin(request, named, judge.rules().origins.served_at());
        if self.rejects { self.guards().all(is_for) } else { is_for(policy) }
    }

    /// Whether `Sec-Fetch-Site` decides which requests are let in: for a policy that does not name the service's own origins.
    pub(super) fn looks_at_site(self) -> bool {
        self.guards().any(|policy| policy.rules().origins.served_at().is_none())
    }

    fn guards(self) -> impl Iterator<Item = &'p CorsPolicy> {
        self.policies.iter().filter(|policy| policy.rules().origins.reject_disallowed())
    }
}
