//! What is wrong with a policy.

use std::fmt;

use crate::check::{Issue, MAX_MAX_AGE, MAX_PRINTED_ISSUES, PolicyError, Problem};
use crate::origin::OriginProblem;
use crate::preset;
use crate::quoted::Quoted;

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_list(f, &self.issues)
    }
}

/// One line for each, up to the limit.
pub(super) fn write_list(f: &mut fmt::Formatter<'_>, issues: &[impl fmt::Display]) -> fmt::Result {
    if let [issue] = issues {
        return write!(f, "the CORS policy has an issue: {issue}");
    }
    write!(f, "the CORS policy has {} issues:", issues.len())?;
    for (index, issue) in issues.iter().take(MAX_PRINTED_ISSUES).enumerate() {
        write!(f, "\n{:2}. {issue}", index + 1)?;
    }
    match issues.len().saturating_sub(MAX_PRINTED_ISSUES) {
        0 => Ok(()),
        more => write!(f, "\n... and {more} more"),
    }
}

impl fmt::Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_statement(f)?;
        write_suggestion(f, self.suggestion())
    }
}

impl Issue {
    pub(super) fn write_statement(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.field())?;
        if let Some(value) = self.value() {
            write!(f, "{} ", Quoted(value))?;
        }
        fmt::Display::fmt(&self.problem(), f)
    }
}

/// After a sentence.
pub(super) fn write_suggestion(f: &mut fmt::Formatter<'_>, suggestion: Option<&str>) -> fmt::Result {
    match suggestion {
        Some(suggestion) => write!(f, "; {}", Suggestion(suggestion)),
        None => Ok(()),
    }
}

/// What was probably meant.
pub(super) struct Suggestion<'a>(pub(super) &'a str);

impl fmt::Display for Suggestion<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "did you mean {}?", Quoted(self.0))
    }
}

impl fmt::Display for Problem {
    /// What follows the field, and the value where there is one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoOrigin => f.write_str(
                "no origin is allowed. List the origins of your pages, for example `https://app.example.com`, or remove the \
                 CORS layer",
            ),
            Self::Origin(problem) => problem.fmt(f),
            Self::Regex(problem) => problem.fmt(f),
            Self::TooManyOrigins => f.write_str("the origins are more than 4 GiB of text. Use `allow_origin_if`"),
            Self::AnyOriginWithCredentials => f.write_str(
                "credentials cannot be combined with `*`: any site could read your visitors' data. List the origins that you \
                 trust",
            ),
            Self::Method(problem) => problem.fmt(f),
            Self::Header(problem) => problem.fmt(f),
            Self::MaxAge(value) => write!(
                f,
                "{} s is longer than any browser caches. Use at most {} s (a day)",
                value.as_secs(),
                MAX_MAX_AGE.as_secs()
            ),
            Self::PreflightStatus(value) => {
                write!(f, "{value} is not a success status, so every preflight would fail. Use 200 to 299")
            }
            Self::RejectsNoOrigin => {
                f.write_str("has no effect while any origin (`*`) is allowed. List origins, or turn it off")
            }
            Self::ServedAt(problem) => fmt_of_served_at(problem, f),
            Self::ServedAtBesideAny => f.write_str(
                "has no effect while any origin (`*`) is allowed. List the origins of your pages in `allow_origins`, or remove it",
            ),
            Self::UnknownPreset => {
                let names = preset::NAMES.join("`, `");
                write!(f, "is not the name of a preset. The presets are `{names}`")
            }
        }
    }
}

/// Some problems of a service's own origin need other words than those of a page's origin.
fn fmt_of_served_at(problem: &OriginProblem, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    use OriginProblem as P;
    f.write_str(match problem {
        P::Null | P::NotHttp | P::OpaqueScheme | P::WebSocketScheme | P::FtpScheme => {
            return fmt::Display::fmt(&P::NotHttp, f);
        }
        P::Wildcard | P::PartialWildcard => {
            "is not valid here: `*` is only allowed as `*.` before your own domain, or as `:*`. Anything wider would accept an \
             attacker's host name. List the origins at which users open this service"
        }
        P::RegularExpression => {
            "looks like a regular expression, which is not supported here. Write `https://*.example.com` for all subdomains \
             of your domain"
        }
        P::PublicSuffix => {
            "matches host names of strangers, who could point them to this server (DNS rebinding). Put your own domain after \
             the `*.`, or use `dangerously_allow_public_suffixes`"
        }
        P::PublicSuffixBelow(suffix) => {
            return write!(
                f,
                "matches host names of strangers, who can have names below {} and could point them to this server (DNS rebinding). \
                 Put a narrower domain of your own after the `*.`, list each origin, or use `dangerously_allow_public_suffixes`",
                Quoted(suffix)
            );
        }
        other => return fmt::Display::fmt(other, f),
    })
}
