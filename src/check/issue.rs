//! What is wrong with a policy: the issues, as data.

use std::fmt;
use std::time::Duration;

use crate::header::HeaderProblem;
use crate::method::MethodProblem;
use crate::origin::{OriginProblem, RegexProblem};
use crate::quoted::Quoted;

/// How many issues a message lists. A configuration may come from a tenant, and must not fill a log.
pub(crate) const MAX_PRINTED_ISSUES: usize = 20;

/// Everything that is wrong with a policy, found in one go.
///
/// Its `Display` lists the issues with what to do about them: the first 20, and how many more there are.
/// [`issues`](Self::issues) gives all of them as data.
///
/// ```
/// use tower_cors::CorsPolicy;
///
/// let error = CorsPolicy::builder()
///     .allow_origins(["https://Example.com/", "http://localhost:80"])
///     .allow_methods(["patch"])
///     .build()
///     .expect_err("three mistakes");
/// assert_eq!(error.issues().count(), 3);
/// assert_eq!(
///     error.to_string(),
///     "the CORS policy has 3 issues:
///  1. allow_origins: `https://Example.com/` has upper-case letters, but browsers write origins in lower case; did you mean `https://example.com`?
///  2. allow_origins: `http://localhost:80` names the scheme's default port, which browsers leave out; did you mean `http://localhost`?
///  3. allow_methods: `patch` is in the wrong case: methods are case-sensitive; did you mean `PATCH`?"
/// );
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct PolicyError {
    /// Never empty.
    pub(crate) issues: Vec<Issue>,
}

impl PolicyError {
    pub(super) fn new(issues: Vec<Issue>) -> Self {
        Self { issues }
    }

    /// The issues, in the order of the builder's fields and of each field's values.
    pub fn issues(&self) -> impl Iterator<Item = &Issue> {
        self.issues.iter()
    }
}

impl std::error::Error for PolicyError {}

impl fmt::Debug for PolicyError {
    /// As many issues as `Display` prints: `unwrap` shows this.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PolicyError").field(&Printed(&self.issues)).finish()
    }
}

struct Printed<'a>(&'a [Issue]);

impl fmt::Debug for Printed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut list = f.debug_list();
        list.entries(self.0.iter().take(MAX_PRINTED_ISSUES));
        match self.0.len().saturating_sub(MAX_PRINTED_ISSUES) {
            0 => list.finish(),
            more => list.entry(&format_args!("{more} more")).finish(),
        }
    }
}

/// One thing that is wrong with a policy: which field, which value, why, and what was probably meant.
#[derive(Clone, PartialEq, Eq)]
pub struct Issue {
    field: &'static str,
    value: Option<String>,
    problem: Problem,
    suggestion: Option<String>,
}

impl Issue {
    /// The builder's method, which is also the field of a configuration file, that the issue is about.
    #[must_use]
    pub fn field(&self) -> &'static str {
        self.field
    }

    /// The configured value that the issue is about, as it was given, if it is about one value of a list.
    #[must_use]
    pub fn value(&self) -> Option<&str> {
        self.value.as_deref()
    }

    /// Why it is refused.
    #[must_use]
    pub fn problem(&self) -> &Problem {
        &self.problem
    }

    /// What was probably meant: a value that is accepted instead of the refused one.
    #[must_use]
    pub fn suggestion(&self) -> Option<&str> {
        self.suggestion.as_deref()
    }

    /// A stable name of the problem, for programs.
    ///
    /// ```
    /// # use tower_cors::CorsPolicy;
    /// let error = CorsPolicy::builder().allow_origin("https://example.com/").build().expect_err("it has a slash");
    /// assert!(error.issues().map(|issue| issue.kind()).eq(["origin-trailing-slash"]));
    /// ```
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.problem.kind()
    }

    /// About a field as a whole.
    pub(crate) fn of(field: &'static str, problem: Problem) -> Self {
        Self { field, value: None, problem, suggestion: None }
    }

    /// About one of a list's values.
    pub(crate) fn about(
        field: &'static str,
        value: &str,
        problem: Problem,
        suggestion: Option<String>,
    ) -> Self {
        Self { field, value: Some(value.to_owned()), problem, suggestion }
    }
}

impl fmt::Debug for Issue {
    /// The texts are escaped and cut.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Issue")
            .field("field", &self.field)
            .field("value", &self.value().map(Quoted))
            .field("problem", &self.problem)
            .field("suggestion", &self.suggestion().map(Quoted))
            .finish()
    }
}

/// What is wrong, in an [`Issue`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// No rule of the policy allows any origin. An empty list is usually a mistake. To do without CORS, leave the layer
    /// out.
    NoOrigin,
    /// The origin is malformed, can never match, or is dangerous with credentials.
    Origin(OriginProblem),
    /// The regular expression is malformed, can never match, or is dangerous with credentials.
    Regex(RegexProblem),
    /// The origins are more than 4 GiB of text.
    TooManyOrigins,
    /// Credentials cannot be combined with any origin: every site could act as its visitors.
    AnyOriginWithCredentials,
    /// The method is malformed, or can never match.
    Method(MethodProblem),
    /// The header's name is malformed, can never match, or can never be read.
    Header(HeaderProblem),
    /// The max-age is longer than any browser honours.
    MaxAge(Duration),
    /// The status of preflight responses is not a success status (200 to 299).
    PreflightStatus(u16),
    /// Disallowed origins are to be rejected, but every origin is allowed.
    RejectsNoOrigin,
    /// The origin can never be the service's own, or strangers could have it too.
    ServedAt(OriginProblem),
    /// The service's own origins are named, but every origin is allowed.
    ServedAtBesideAny,
    /// No preset has this name.
    UnknownPreset,
}

impl Problem {
    fn kind(&self) -> &'static str {
        match self {
            Self::NoOrigin => "no-origin",
            Self::Origin(problem) | Self::ServedAt(problem) => problem.kind(),
            Self::Regex(problem) => problem.kind(),
            Self::TooManyOrigins => "too-many-origins",
            Self::AnyOriginWithCredentials => "any-origin-with-credentials",
            Self::Method(problem) => problem.kind(),
            Self::Header(problem) => problem.kind(),
            Self::MaxAge(_) => "max-age-too-long",
            Self::PreflightStatus(_) => "preflight-status-not-ok",
            Self::RejectsNoOrigin => "rejects-no-origin",
            Self::ServedAtBesideAny => "served-at-beside-any",
            Self::UnknownPreset => "unknown-preset",
        }
    }
}
