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
        /// The position of the character, counted from 1.
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
        /// A text that matches, if one was found, and why it is not a valid origin.
        instead: Option<(Box<str>, OriginProblem)>,
    },
    /// With credentials: it matches plain `http` origins on other machines.
    #[non_exhaustive]
    Insecure {
        /// An origin that matches.
        also: Box<str>,
    },
    /// With credentials: it matches hosts of more than one owner.
    #[non_exhaustive]
    Strangers {
        /// An origin that matches, and that a stranger could have.
        also: Box<str>,
        /// A pattern that was probably meant. It allows nothing that the expression does not.
        pattern: Option<Box<str>>,
    },
    /// With credentials: it matches hosts right below a public suffix.
    #[non_exhaustive]
    PublicSuffix {
        /// An origin that matches, and that a stranger could have.
        also: Box<str>,
        /// The public suffix, below which anybody can have a name.
        suffix: Box<str>,
    },
    /// With credentials: the end of the host is open, so any site matches.
    #[non_exhaustive]
    AnyOrigin {
        /// An origin that matches.
        also: Box<str>,
    },
    /// With credentials: the search for the hosts that match exceeds its limits.
    Unproven,
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
            Self::Insecure { .. } => "regex-insecure",
            Self::Strangers { .. } => "regex-strangers",
            Self::PublicSuffix { .. } => "regex-public-suffix",
            Self::AnyOrigin { .. } => "regex-any-origin",
            Self::Unproven => "regex-unproven",
        }
    }
}
