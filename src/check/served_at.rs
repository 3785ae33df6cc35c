//! The checks of `served_at`, and what may have been meant.

use super::issue::{Issue, Problem};
use super::warnings::MAX_KEPT;
use crate::origin::{self, OriginProblem, OriginSet, Pattern, ServedAt};
use crate::policy::{Reason, Warning};
use crate::spec::Spec;

const FIELD: &str = "served_at";

/// `None` where nothing is listed: nothing is known about the service's own origins then. `spec` is what else is written.
pub(super) fn compile(
    texts: Vec<String>,
    spec: &Spec,
    issues: &mut Vec<Issue>,
    warnings: &mut Vec<Warning>,
) -> Option<ServedAt> {
    if texts.is_empty() {
        return None;
    }
    let mut set = OriginSet::default();
    set.reserve(texts.len());
    let mut is_full = false;
    for text in texts {
        match parse(spec, &text) {
            Ok(pattern) => {
                let count = set.len();
                is_full |= set.insert(&text, &pattern).is_err();
                if set.len() == count && warnings.len() < MAX_KEPT {
                    warnings.push(Warning::about(FIELD, &text, Reason::Duplicate));
                }
            }
            Err(problem) => {
                let suggestion = origin::suggest(&text).filter(|meant| parse(spec, meant).is_ok());
                issues.push(Issue::about(FIELD, &text, Problem::ServedAt(problem), suggestion));
            }
        }
    }
    set.shrink_to_fit();
    if is_full {
        issues.push(Issue::of(FIELD, Problem::TooManyOrigins));
    }
    Some(ServedAt::new(set))
}

/// Whether a policy of which this is written may name an origin as the service's own.
pub(crate) fn accepts_served_at(spec: &Spec, text: &str) -> bool {
    parse(spec, text).is_ok()
}

fn parse<'t>(spec: &Spec, text: &'t str) -> Result<Pattern<'t>, OriginProblem> {
    let pattern = Pattern::parse(text)?;
    if !matches!(pattern.scheme, "http" | "https") {
        return Err(OriginProblem::NotHttp);
    }
    // Whoever can have a name there can point it to this server.
    if pattern.spans_registrable_domains() && !spec.dangerously_allow_public_suffixes {
        return Err(OriginProblem::PublicSuffix);
    }
    Ok(pattern)
}
