//! Why a regular expression is refused: what follows it.

use std::fmt;

use crate::origin::RegexProblem;
use crate::quoted::Quoted;

impl fmt::Display for RegexProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::FeatureOff => {
                "is a regular expression, and this program was built without them. Turn on the feature `regex` of the crate \
                 `tower-cors`, or list origins in `allow_origins`"
            }
            Self::Empty => "is empty. Remove it, or write an expression such as `https://pr-\\d+\\.preview\\.example\\.com`",
            Self::Syntax { reason, at } => {
                return write!(f, "is not a valid regular expression: {reason}, at character {at}");
            }
            Self::TooLong => "is longer than 4096 bytes. Write several expressions, or list origins in `allow_origins`",
            Self::TooComplex => {
                "is too complex. Replace counted repetitions such as `{1,63}` by `+`: browsers limit the length of a host \
                 themselves"
            }
            Self::TooMany => "has more than 64 expressions. List origins in `allow_origins`, or combine expressions with `|`",
            Self::TooComplexTogether => {
                "the expressions are too complex together. Use fewer, or list origins in `allow_origins`"
            }
            Self::NeverMatches { instead: Some((text, problem)) } => {
                return write!(f, "can never match an origin. It matches {}, which {problem}", Quoted(text));
            }
            Self::NeverMatches { instead: None } => "can never match an origin",
        })
    }
}

impl std::error::Error for RegexProblem {}
