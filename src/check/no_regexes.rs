//! The check of `allow_origin_regexes` without the feature `regex`: a file may still have them.

use super::issue::{Issue, Problem};
use crate::origin::{OriginRegexes, RegexProblem};
use crate::policy::Warning;
use crate::spec::Spec;

pub(super) fn compile(
    texts: &[String],
    _: &Spec,
    issues: &mut Vec<Issue>,
    _: &mut Vec<Warning>,
) -> Option<OriginRegexes> {
    if !texts.is_empty() {
        issues.push(Issue::of("allow_origin_regexes", Problem::Regex(RegexProblem::FeatureOff)));
    }
    None
}

pub(super) fn beside_any(_: &[String]) -> impl Iterator<Item = Warning> {
    std::iter::empty()
}
