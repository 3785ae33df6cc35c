//! Why a regular expression is refused.

use super::OriginProblem;

/// Why a regular expression of [`allow_origin_regex`](crate::CorsPolicyBuilder#method.allow_origin_regex) is refused. Its `Display` is the
/// sentence that a [`PolicyError`](crate::PolicyError) prints.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RegexProblem {
    /// The crate was built without the feature `regex`.
    FeatureOff,
    /// The text is empty.
    Empty,
    /// The text is not a regular expression.
    #[non_exhaustive]
    Syntax {
        /// What the parser says.
        reason: Box<str>,
        /// At which character, counted from 1.
        at: usize,
    },
    /// The text is longer than 4096 bytes.
    TooLong,
    /// The expression has too many states.
    TooComplex,
    /// The list has more than 64 expressions.
    TooMany,
    /// The expressions have too many states together.
    TooComplexTogether,
    /// No origin matches.
    #[non_exhaustive]
    NeverMatches {
        /// A text that does match, where there is one, and why it is no origin.
        instead: Option<(Box<str>, OriginProblem)>,
    },
}

impl RegexProblem {
    /// A stable name, for programs.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::FeatureOff => "regex-feature-off",
            Self::Empty => "regex-empty",
            Self::Syntax { .. } => "regex-syntax",
            Self::TooLong => "regex-too-long",
            Self::TooComplex => "regex-too-complex",
            Self::TooMany => "regex-too-many",
            Self::TooComplexTogether => "regex-too-complex-together",
            Self::NeverMatches { .. } => "regex-never-matches",
        }
    }
}
