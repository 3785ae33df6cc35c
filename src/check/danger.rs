//! What a listed origin would let strangers do with credentials: the only check of an origin that depends on the rest of the policy.

use super::issue::{Issue, Problem};
use crate::origin::{self, OriginProblem, Pattern, Reach};
use crate::spec::Spec;

pub(super) const ALLOW_ORIGINS: &str = "allow_origins";

/// Whether a policy with this spec may list an origin.
pub(crate) fn accepts_origin(spec: &Spec, text: &str) -> bool {
    Pattern::parse(text).is_ok_and(|pattern| dangers(spec, text, &pattern).next().is_none())
}

/// The likely origin, as it is or over TLS, if the policy accepts it.
pub(super) fn accepted_form(spec: &Spec, meant: String) -> Option<String> {
    if accepts_origin(spec, &meant) { Some(meant) } else { suggest_secure(spec, &meant) }
}

/// The same over TLS, if the host can have a certificate.
pub(crate) fn suggest_secure(spec: &Spec, text: &str) -> Option<String> {
    let is_public = Pattern::parse(text).is_ok_and(|pattern| pattern.reach() == Reach::Public);
    let secure = is_public.then(|| origin::suggest_secure(text))?;
    secure.filter(|secure| accepts_origin(spec, secure))
}

/// What a pattern would let strangers do with a visitor's credentials.
pub(super) fn dangers(spec: &Spec, text: &str, pattern: &Pattern<'_>) -> impl Iterator<Item = Issue> + use<> {
    let checks_network = spec.allow_credentials && !spec.dangerously_allow_insecure_origins;
    let insecure = (checks_network && pattern.is_insecure()).then(|| insecure(spec, text, pattern));
    let checks_owners = spec.allow_credentials && !spec.dangerously_allow_public_suffixes;
    let strangers = checks_owners.then(|| pattern.strangers()).flatten();
    insecure.into_iter().chain(strangers.map(|problem| issue(text, problem, None)))
}

fn insecure(spec: &Spec, text: &str, pattern: &Pattern<'_>) -> Issue {
    let problem = match pattern.reach() {
        Reach::Public => return issue(text, OriginProblem::Insecure, suggest_secure(spec, text)),
        Reach::Unspecified => OriginProblem::InsecureUnspecified,
        Reach::PrivateAddress => OriginProblem::InsecurePrivateAddress,
        Reach::DockerHost => OriginProblem::InsecureDockerHost,
        Reach::SingleLabel => OriginProblem::InsecureSingleLabel,
    };
    issue(text, problem, None)
}

pub(super) fn issue(text: &str, problem: OriginProblem, suggestion: Option<String>) -> Issue {
    Issue::about(ALLOW_ORIGINS, text, Problem::Origin(problem), suggestion)
}
