//! The checks of `allow_origins`, and what may have been meant.

use super::issue::{Issue, Problem};
use super::warnings::{self, MAX_KEPT};
use crate::origin::{self, OriginProblem, OriginSet, Pattern, Reach};
use crate::policy::rules::{NULL, OriginRules, Origins};
use crate::policy::{Reason, Warning};
use crate::spec::{ANY, Predicate, Spec};

const FIELD: &str = "allow_origins";

/// Each text is freed as soon as it is in the set, so that a long list is not held twice. `spec` is what else is written.
pub(super) fn compile(
    texts: Vec<String>,
    spec: &Spec,
    predicates: Vec<Predicate>,
    issues: &mut Vec<Issue>,
    warnings: &mut Vec<Warning>,
) -> Origins {
    if texts.is_empty() && predicates.is_empty() && !spec.dangerously_allow_null_origin {
        issues.push(Issue::of(FIELD, Problem::NoOrigin));
    }
    let mut set = OriginSet::default();
    set.reserve(texts.len());
    let mut any = false;
    let mut is_full = false;
    for text in texts {
        match Pattern::parse(&text) {
            _ if text == ANY => any = true,
            _ if text == NULL && spec.dangerously_allow_null_origin => {}
            Ok(pattern) => {
                issues.extend(dangers(spec, &text, &pattern));
                let count = set.len();
                is_full |= set.insert(&text, &pattern).is_err();
                if set.len() == count && warnings.len() < MAX_KEPT {
                    warnings.push(Warning::about(FIELD, &text, Reason::Duplicate));
                }
            }
            Err(problem) => issues.push(issue(&text, problem, suggest(spec, &text))),
        }
    }
    set.shrink_to_fit();
    if is_full {
        issues.push(Issue::of(FIELD, Problem::TooManyOrigins));
    }
    if any {
        // They repeat what has no effect.
        warnings.clear();
        warnings.extend(warnings::of_any(&set, &predicates));
        return Origins::Any;
    }
    Origins::Listed(OriginRules {
        set,
        null: spec.dangerously_allow_null_origin,
        predicates,
        credentials: spec.allow_credentials,
        reject_disallowed: spec.reject_disallowed_origins,
        // Compiled in its turn.
        served_at: None,
    })
}

/// Whether a policy of which this is written may list an origin.
pub(crate) fn accepts_origin(spec: &Spec, text: &str) -> bool {
    Pattern::parse(text).is_ok_and(|pattern| dangers(spec, text, &pattern).next().is_none())
}

/// What may have been meant, in a form that this policy accepts: with credentials, not all that is well-formed.
fn suggest(spec: &Spec, text: &str) -> Option<String> {
    accepted_form(spec, origin::suggest(text)?)
}

/// What is meant, as it is or over TLS.
pub(super) fn accepted_form(spec: &Spec, meant: String) -> Option<String> {
    if accepts_origin(spec, &meant) { Some(meant) } else { suggest_secure(spec, &meant) }
}

/// The same over TLS, where the host may well have a certificate.
pub(crate) fn suggest_secure(spec: &Spec, text: &str) -> Option<String> {
    let is_public = Pattern::parse(text).is_ok_and(|pattern| pattern.reach() == Reach::Public);
    let secure = is_public.then(|| origin::suggest_secure(text))?;
    secure.filter(|secure| accepts_origin(spec, secure))
}

/// What a pattern would let strangers do with a visitor's credentials.
fn dangers(spec: &Spec, text: &str, pattern: &Pattern<'_>) -> impl Iterator<Item = Issue> + use<> {
    let checks_network = spec.allow_credentials && !spec.dangerously_allow_insecure_origins;
    let insecure = (checks_network && pattern.is_insecure()).then(|| insecure(spec, text, pattern));
    let checks_owners = spec.allow_credentials && !spec.dangerously_allow_public_suffixes;
    let public_suffix = (checks_owners && pattern.spans_registrable_domains())
        .then(|| issue(text, OriginProblem::PublicSuffix, None));
    let any_extension =
        (checks_owners && pattern.is_any_extension()).then(|| issue(text, OriginProblem::AnyExtension, None));
    [insecure, public_suffix, any_extension].into_iter().flatten()
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

fn issue(text: &str, problem: OriginProblem, suggestion: Option<String>) -> Issue {
    Issue::about(FIELD, text, Problem::Origin(problem), suggestion)
}
