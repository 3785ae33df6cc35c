//! Which policy decides, if there are several or none.

use http::header::ORIGIN;

use super::door::Door;
use super::listener::{Fact, Listener, Outcome, Selection};
use super::origin::{self, Verdict};
use super::{Actual, Decision, Denial, Preflight, is_preflight, site, tell_request, walk};
use crate::policy::CorsPolicy;
use crate::request::RequestHead;

/// The first policy that allows the request's origin decides. If none does, or there is no origin, the last one decides. Before that,
/// each policy that rejects can reject the request for its host.
pub(crate) fn decide_by_first_match(
    policies: &[CorsPolicy],
    request: RequestHead<'_>,
    listener: &mut impl Listener,
) -> Decision {
    let door = Door::of_all(policies);
    if let Some(rejected) = door.misdirected(request, listener) {
        return rejected;
    }
    match first_match(policies, request) {
        Some((index, policy, verdict)) => {
            tell_request(request, policy.rules().origins.are_any(), listener);
            if policies.len() > 1 {
                listener.hear(Outcome::Note, None, || Fact::PolicySelected {
                    place: index + 1,
                    count: policies.len(),
                    reason: match verdict {
                        Verdict::NoOrigin => Selection::NoOrigin,
                        Verdict::Allowed(..) => Selection::AllowsOrigin,
                        Verdict::Refused | Verdict::Unknown => Selection::NoneAllows,
                    },
                });
            }
            walk(policy, verdict, door, request, listener)
        }
        None => decide_without_policy(Denial::NoPolicy, request, listener),
    }
}

/// The policy that decides, with its place in the list and its verdict on the origin.
#[inline]
fn first_match<'p, 'r>(
    policies: &'p [CorsPolicy],
    request: RequestHead<'r>,
) -> Option<(usize, &'p CorsPolicy, Verdict<'r, 'p>)> {
    let mut last = None;
    for (index, policy) in policies.iter().enumerate() {
        // Evaluated once: a predicate may count its calls, or answer differently.
        let verdict = Verdict::of(request, &policy.rules().origins);
        last = Some((index, policy, verdict));
        if matches!(verdict, Verdict::Allowed(..)) {
            break;
        }
    }
    last
}

/// Decides without a policy, for this reason: nothing is granted, and a preflight gets the usual refusal.
pub(crate) fn decide_without_policy(
    reason: Denial,
    request: RequestHead<'_>,
    listener: &mut impl Listener,
) -> Decision {
    tell_request(request, false, listener);
    if is_preflight(request) {
        listener.hear(Outcome::Failed, None, || Fact::NoPolicy);
        return Decision::Preflight(Preflight::without_policy(reason));
    }
    if !request.headers().contains_key(ORIGIN) {
        return Decision::Actual(Actual::ungranted(request.method(), None));
    }
    if site::is_same_origin(request, origin::named(request), None) {
        listener.hear(Outcome::Note, None, || Fact::SameOrigin);
        return Decision::Actual(Actual::ungranted(request.method(), None));
    }
    listener.hear(Outcome::Failed, None, || Fact::NoPolicy);
    Decision::Actual(Actual::ungranted(request.method(), Some(reason)))
}
