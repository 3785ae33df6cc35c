//! The checks of `allow_origins`, with suggestions.

use super::danger::{ALLOW_ORIGINS, accepted_form, dangers, issue};
use super::issue::{Issue, Problem};
use super::origin_list::OriginList;
use super::warnings;
use crate::origin::{self, Pattern};
use crate::policy::Warning;
use crate::policy::rules::{NULL, OriginRules, Origins};
use crate::spec::{ANY, Predicate, Spec};

/// Each text is freed as soon as it is in the set, so a long list is never in memory twice. `spec` is the rest of the policy.
pub(super) fn compile(
    texts: Vec<String>,
    spec: &Spec,
    predicates: Vec<Predicate>,
    issues: &mut Vec<Issue>,
    warnings: &mut Vec<Warning>,
) -> Origins {
    let has_rules = !spec.allow_origin_regexes.0.is_empty() || !predicates.is_empty();
    if texts.is_empty() && !has_rules && !spec.dangerously_allow_null_origin {
        issues.push(Issue::of(ALLOW_ORIGINS, Problem::NoOrigin));
    }
    let mut list = OriginList::with_room_for(texts.len(), ALLOW_ORIGINS);
    let mut any = false;
    for text in texts {
        match Pattern::parse(&text) {
            _ if text == ANY => any = true,
            _ if text == NULL && spec.dangerously_allow_null_origin => {}
            Ok(pattern) => {
                issues.extend(dangers(spec, &text, &pattern));
                list.add(&text, &pattern, warnings);
            }
            Err(problem) => issues.push(issue(&text, problem, suggest(spec, &text))),
        }
    }
    let set = list.finish(issues);
    if any {
        // They are about duplicates of entries without effect.
        warnings.clear();
        warnings::of_any(&set, &predicates, warnings);
        return Origins::Any;
    }
    Origins::Listed(OriginRules {
        set,
        // Compiled later.
        regexes: None,
        null: spec.dangerously_allow_null_origin,
        predicates,
        credentials: spec.allow_credentials,
        reject_disallowed: spec.reject_disallowed_origins,
        // Compiled later.
        served_at: None,
    })
}

/// The likely origin, in a form that this policy accepts: with credentials, being well-formed is not enough.
fn suggest(spec: &Spec, text: &str) -> Option<String> {
    accepted_form(spec, origin::suggest(text)?)
}
