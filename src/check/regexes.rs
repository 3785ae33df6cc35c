//! The checks of `allow_origin_regexes`.

use super::issue::{Issue, Problem};
use super::warnings::MAX_KEPT;
use crate::origin::{Expression, OriginRegexes, RegexProblem};
use crate::policy::{Reason, Warning};
use crate::spec::ANY;

const FIELD: &str = "allow_origin_regexes";

/// `None` where nothing is listed, or where something is wrong.
pub(super) fn compile(
    texts: &[String],
    issues: &mut Vec<Issue>,
    warnings: &mut Vec<Warning>,
) -> Option<OriginRegexes> {
    if texts.is_empty() {
        return None;
    }
    if texts.len() > OriginRegexes::MAX_COUNT {
        issues.push(Issue::of(FIELD, Problem::Regex(RegexProblem::TooMany)));
        return None;
    }
    let (mut expressions, known) = (Vec::new(), issues.len());
    for (index, text) in texts.iter().enumerate() {
        if texts[..index].contains(text) {
            warnings.push(Warning::about(FIELD, text, Reason::Duplicate));
            continue;
        }
        match Expression::compile(text) {
            Ok(expression) => expressions.push(expression),
            Err(problem) => issues.push(Issue::about(FIELD, text, Problem::Regex(problem), None)),
        }
    }
    if issues.len() > known {
        return None;
    }
    match OriginRegexes::new(expressions) {
        Ok(regexes) => Some(regexes),
        Err(problem) => {
            issues.push(Issue::of(FIELD, Problem::Regex(problem)));
            None
        }
    }
}

/// About expressions that have no effect, as any origin is allowed.
pub(super) fn beside_any(texts: &[String]) -> impl Iterator<Item = Warning> {
    texts.iter().map(|text| Warning::about(FIELD, text, Reason::Covered(ANY.to_owned()))).take(MAX_KEPT)
}
