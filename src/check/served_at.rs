//! The checks of `served_at`, with suggestions.

use super::issue::{Issue, Problem};
use super::origin_list::OriginList;
use crate::origin::{self, OriginProblem, Pattern, ServedAt};
use crate::policy::Warning;
use crate::spec::Spec;

const FIELD: &str = "served_at";

/// `None` if nothing is listed: the service's own origins are then unknown. `spec` is the rest of the policy.
pub(super) fn compile(
    texts: Vec<String>,
    spec: &Spec,
    issues: &mut Vec<Issue>,
    warnings: &mut Vec<Warning>,
) -> Option<ServedAt> {
    if texts.is_empty() {
        return None;
    }
    let mut list = OriginList::with_room_for(texts.len(), FIELD);
    for text in texts {
        match parse(spec, &text) {
            Ok(pattern) => list.add(&text, &pattern, warnings),
            Err(problem) => {
                let suggestion = origin::suggest(&text).filter(|meant| parse(spec, meant).is_ok());
                issues.push(Issue::about(FIELD, &text, Problem::ServedAt(problem), suggestion));
            }
        }
    }
    Some(ServedAt::new(list.finish(issues)))
}

/// Whether a policy with this spec may name an origin as the service's own.
pub(crate) fn accepts_served_at(spec: &Spec, text: &str) -> bool {
    parse(spec, text).is_ok()
}

fn parse<'t>(spec: &Spec, text: &'t str) -> Result<Pattern<'t>, OriginProblem> {
    let pattern = Pattern::parse(text)?;
    if !matches!(pattern.scheme, "http" | "https") {
        return Err(OriginProblem::NotHttp);
    }
    // Anybody who can have a name there can point it to this server.
    match pattern.strangers() {
        Some(problem) if !spec.dangerously_allow_public_suffixes => Err(problem),
        _ => Ok(pattern),
    }
}
