//! Why a regular expression is refused: what follows it.

use std::fmt;

use crate::origin::RegexProblem;
use crate::quoted::Quoted;

impl fmt::Display for RegexProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::FeatureOff => {
                "is a regular expression, but this program was built without them. Turn on the feature `regex` of the \
                 crate `tower-cors`, or list origins in `allow_origins`"
            }
            Self::Empty => "is empty. Remove it, or write an expression such as `https://pr-\\d+\\.preview\\.example\\.com`",
            Self::Syntax { reason, at } => {
                return write!(f, "is not a valid regular expression: {reason}, at character {at}");
            }
            Self::TooLong => "is longer than 4096 bytes. Write several expressions, or list origins in `allow_origins`",
            Self::TooComplex => {
                "is too complex. Replace counted repetitions such as `{1,63}` with `+`: browsers already limit the length \
                 of a host"
            }
            Self::TooMany => "has more than 64 expressions. List origins in `allow_origins`, or combine expressions with `|`",
            Self::TooComplexTogether => {
                "the expressions are too complex together. Use fewer, or list origins in `allow_origins`"
            }
            Self::NeverMatches { instead: Some((text, problem)) } => {
                return write!(f, "can never match an origin. It matches {}, which {problem}", Quoted(text));
            }
            Self::NeverMatches { instead: None } => "can never match an origin",
            Self::Insecure { also } => {
                return write!(
                    f,
                    "matches {}, which is not encrypted, so anyone on the network could act with a visitor's credentials. Use \
                     https alone, or `dangerously_allow_insecure_origins`",
                    Quoted(also)
                );
            }
            Self::Strangers { also, pattern } => {
                let also = Quoted(also);
                write!(f, "is not limited to one domain: it also matches {also}, whose owner could act with a visitor's credentials. ")?;
                return match pattern {
                    Some(pattern) => write!(f, "Use the pattern {} in `allow_origins`", Quoted(pattern)),
                    None => f.write_str(
                        "Begin the domain after `://` or `\\.`, write `\\.` for each dot, and use one expression for \
                         each of your domains",
                    ),
                };
            }
            Self::PublicSuffix { also, suffix } => {
                return write!(
                    f,
                    "also matches {}: anyone can have a name below {}, and could act with a visitor's credentials. Serve \
                     these pages below your own domain, list each origin, or use `dangerously_allow_public_suffixes`",
                    Quoted(also),
                    Quoted(suffix)
                );
            }
            Self::AnyOrigin { also } => {
                return write!(
                    f,
                    "matches any site, such as {}, and credentials cannot be combined with any origin: any site could read \
                     your visitors' data. End it with your own domain",
                    Quoted(also)
                );
            }
            Self::Unproven => {
                "matches too many kinds of hosts to check, and with credentials all of them must be yours. End it with `\\.` \
                 and one domain of your own"
            }
        })
    }
}

impl std::error::Error for RegexProblem {}
