//! In the place of the regular expressions, without the feature `regex`: there are none.

use super::{Origin, RegexProblem};

pub(crate) enum Expression {}

impl Expression {
    pub(crate) fn compile(_: &str) -> Result<Self, RegexProblem> {
        Err(RegexProblem::FeatureOff)
    }
}

pub(crate) enum OriginRegexes {}

impl OriginRegexes {
    pub(crate) const MAX_COUNT: usize = usize::MAX;

    pub(crate) fn new(_: Vec<Expression>) -> Result<Self, RegexProblem> {
        Err(RegexProblem::FeatureOff)
    }

    pub(crate) fn matching(&self, _: &Origin<'_>) -> Option<&str> {
        match *self {}
    }

    pub(crate) fn texts(&self) -> std::iter::Empty<&str> {
        match *self {}
    }
}
