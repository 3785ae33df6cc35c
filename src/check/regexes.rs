//! The checks of `allow_origin_regexes`, with suggestions.

use super::issue::{Issue, Problem};
use super::warnings::MAX_KEPT;
use crate::origin::regex::{self, Budget, Dangers, Expression};
use crate::origin::{OriginRegexes, RegexProblem};
use crate::policy::{Reason, Warning};
use crate::spec::{ANY, Spec};

const FIELD: &str = "allow_origin_regexes";

/// `None` if nothing is listed, or if something is wrong. `spec` is the rest of the policy.
pub(super) fn compile(
    texts: &[String],
    spec: &Spec,
    issues: &mut Vec<Issue>,
    warnings: &mut Vec<Warning>,
) -> Option<OriginRegexes> {
    if texts.is_empty() {
        return None;
    }
    if texts.len() > OriginRegexes::MAX_COUNT {
        issues.push(issue(None, RegexProblem::TooMany, None));
        return None;
    }
    let known = issues.len();
    let (mut budget, mut suggestions) = (Budget::new(), Budget::new());
    let mut expressions = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        if texts[..index].contains(text) {
            warnings.push(Warning::about(FIELD, text, Reason::Duplicate));
            continue;
        }
        let mut refuse = |problem: RegexProblem| {
            let accepts = |meant: &Expression, budget: &mut Budget| {
                refused(spec, meant.dangers(budget)).next().is_none()
            };
            let suggestion = regex::suggest(text, &problem, &mut suggestions, accepts);
            issues.push(issue(Some(text), problem, suggestion));
        };
        match Expression::compile(text, &mut budget) {
            Ok(mut expression) => {
                if spec.allow_credentials {
                    let dangers = expression.dangers(&mut budget);
                    expression.remember(&dangers);
                    refused(spec, dangers).for_each(&mut refuse);
                }
                let same = expression.same_pattern(&mut budget);
                warnings.extend(same.map(|same| Warning::about(FIELD, text, Reason::RegexIsPattern(same))));
                expressions.push(expression);
            }
            Err(problem) => refuse(problem),
        }
    }
    if issues.len() > known {
        return None;
    }
    OriginRegexes::new(expressions).map_err(|problem| issues.push(issue(None, problem, None))).ok()
}

/// The dangers with credentials that a policy with this spec does not accept.
fn refused(spec: &Spec, dangers: Dangers) -> impl Iterator<Item = RegexProblem> {
    let Dangers { insecure, strangers, anybody } = dangers;
    let insecure = insecure.filter(|_| !spec.dangerously_allow_insecure_origins);
    let strangers = strangers.filter(|_| !spec.dangerously_allow_public_suffixes);
    let refused = [insecure, strangers, anybody].into_iter().flatten();
    refused.filter(|_| spec.allow_credentials)
}

fn issue(text: Option<&str>, problem: RegexProblem, suggestion: Option<String>) -> Issue {
    match text {
        Some(text) => Issue::about(FIELD, text, Problem::Regex(problem), suggestion),
        None => Issue::of(FIELD, Problem::Regex(problem)),
    }
}

/// About expressions that have no effect, as any origin is allowed.
pub(super) fn beside_any(texts: &[String]) -> impl Iterator<Item = Warning> {
    texts.iter().map(|text| Warning::about(FIELD, text, Reason::Covered(ANY.to_owned()))).take(MAX_KEPT)
}
