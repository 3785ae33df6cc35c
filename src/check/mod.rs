//! From a spec to a policy: every check, and the only place that can fail.

mod danger;
mod issue;
mod names;
mod origin_list;
mod origins;
mod presets;
#[cfg_attr(not(feature = "regex"), path = "no_regexes.rs")]
mod regexes;
#[cfg(feature = "serde")]
mod serde;
mod served_at;
mod warnings;

use std::time::Duration;

use http::StatusCode;

pub(crate) use self::danger::{accepts_origin, suggest_secure};
pub(crate) use self::issue::MAX_PRINTED_ISSUES;
pub use self::issue::{Issue, PolicyError, Problem};
use self::presets::Presets;
#[cfg(feature = "serde")]
pub use self::serde::{Finding, PolicyCheck};
#[cfg(feature = "serde")]
pub(crate) use self::serde::{Findings, Found};
pub(crate) use self::served_at::accepts_served_at;
use crate::policy::answers::{Answers, Grants};
use crate::policy::rules::{ExposedHeaders, MethodRules, Origins, Rules};
use crate::policy::{CorsPolicy, Warning};
use crate::spec::{ANY, CorsPolicyBuilder, MaxAge, Spec};

/// The longest max-age that any browser honours: Firefox's.
pub(crate) const MAX_MAX_AGE: Duration = Duration::from_secs(86_400);

impl CorsPolicyBuilder {
    /// Checks everything and compiles the policy.
    ///
    /// # Errors
    ///
    /// Every issue at once: entries that can never match or that browsers refuse, contradictions, and dangers.
    /// Each method of the builder says what it refuses.
    ///
    /// ```
    /// # use tower_cors::{CorsPolicy, OriginProblem, Problem};
    /// let error = CorsPolicy::builder().allow_origin("https://example.com/").build().expect_err("it has a slash");
    /// let issue = error.issues().next().expect("an issue");
    /// assert_eq!(issue.problem(), &Problem::Origin(OriginProblem::TrailingSlash));
    /// assert_eq!(issue.suggestion(), Some("https://example.com"));
    /// ```
    pub fn build(self) -> Result<CorsPolicy, PolicyError> {
        self.check().finish()
    }

    /// Checks everything, and keeps the issues beside the valid parts.
    fn check(self) -> Checked {
        let Self { mut spec, predicates } = self;
        // In the order of the issues.
        let mut issues = Vec::new();
        let mut of_origins = Vec::new();
        let presets = Presets::new(&spec.presets);
        let texts = std::mem::take(&mut spec.allow_origins);
        let mut origins = origins::compile(texts, &spec, predicates, &mut issues, &mut of_origins);
        let texts = std::mem::take(&mut spec.allow_origin_regexes.0);
        let mut of_regexes = Vec::new();
        let regexes = regexes::compile(&texts, &spec, &mut issues, &mut of_regexes);
        match &mut origins {
            Origins::Any => of_regexes = regexes::beside_any(&texts).collect(),
            Origins::Listed(rules) => rules.regexes = regexes.map(Box::new),
        }
        if origins.are_any() && spec.allow_credentials {
            issues.push(Issue::of("allow_credentials", Problem::AnyOriginWithCredentials));
        }
        let methods = names::methods(&presets.beside(&spec.allow_methods, "allow_methods"), &mut issues);
        let headers =
            names::request_headers(&presets.beside(&spec.allow_headers, "allow_headers"), &mut issues);
        let exposed =
            names::exposed_headers(&presets.beside(&spec.expose_headers, "expose_headers"), &mut issues);
        let max_age = check_max_age(spec.max_age, &mut issues);
        let preflight_status = check_status(spec.preflight_status, &mut issues);
        let vary_by = names::varying_headers(&spec.vary_by, &mut issues);
        if origins.are_any() && spec.reject_disallowed_origins {
            issues.push(Issue::of("reject_disallowed_origins", Problem::RejectsNoOrigin));
        }
        let texts = std::mem::take(&mut spec.served_at);
        let mut of_served_at = Vec::new();
        let served_at = served_at::compile(texts, &spec, &mut issues, &mut of_served_at);
        match &mut origins {
            Origins::Any if served_at.is_some() => {
                issues.push(Issue::of("served_at", Problem::ServedAtBesideAny));
            }
            Origins::Any => {}
            Origins::Listed(rules) => rules.served_at = served_at.map(Box::new),
        }
        #[cfg(feature = "serde")]
        issues.extend(presets::unknown(&spec.presets));
        let warnings = warnings::of_written(&spec, &origins, &headers, of_origins, of_regexes, of_served_at);
        let rules = Rules { origins, methods, headers };
        Checked { spec, rules, exposed, max_age, preflight_status, vary_by, issues, warnings }
    }
}

/// A checked spec: the policy itself, if it has no issue.
struct Checked {
    /// Without the origins of either list, which the rules have.
    spec: Spec,
    rules: Rules,
    exposed: ExposedHeaders,
    max_age: Option<u64>,
    preflight_status: StatusCode,
    vary_by: Vec<String>,
    issues: Vec<Issue>,
    warnings: Box<[Warning]>,
}

impl Checked {
    fn finish(self) -> Result<CorsPolicy, PolicyError> {
        let Self { spec, rules, exposed, max_age, preflight_status, vary_by, issues, warnings } = self;
        if !issues.is_empty() {
            return Err(PolicyError::new(issues));
        }
        // Always in the same spelling, so that policies that allow the same also have the same text.
        let spec = Spec {
            allow_methods: match &rules.methods {
                MethodRules::Any => vec![ANY.to_owned()],
                MethodRules::Listed(methods) => methods.clone(),
            },
            allow_headers: rules.headers.entries(),
            expose_headers: names::exposed_entries(&exposed),
            preflight_status: Some(preflight_status.as_u16()),
            vary_by: vary_by.clone(),
            // The lists contain their names.
            presets: Vec::new(),
            ..spec
        };
        let grants = Grants { exposed: &exposed, max_age, preflight_status, vary_by: &vary_by };
        let answers = Answers::new(&rules, &grants);
        Ok(CorsPolicy::compiled(spec, rules, answers, warnings))
    }
}

/// Checks the headers that the choice of a policy depends on, like a policy's own.
pub(crate) fn vary_by(entries: &[String]) -> Result<Vec<String>, PolicyError> {
    let mut issues = Vec::new();
    let names = names::varying_headers(entries, &mut issues);
    if issues.is_empty() { Ok(names) } else { Err(PolicyError::new(issues)) }
}

fn check_max_age(max_age: Option<MaxAge>, issues: &mut Vec<Issue>) -> Option<u64> {
    let MaxAge(value) = max_age?;
    if value.as_secs() > MAX_MAX_AGE.as_secs() {
        issues.push(Issue::of("max_age", Problem::MaxAge(value)));
    }
    Some(value.as_secs())
}

fn check_status(status: Option<u16>, issues: &mut Vec<Issue>) -> StatusCode {
    let Some(value) = status else {
        return StatusCode::NO_CONTENT;
    };
    match StatusCode::from_u16(value) {
        Ok(status) if status.is_success() => status,
        _ => {
            issues.push(Issue::of("preflight_status", Problem::PreflightStatus(value)));
            StatusCode::NO_CONTENT
        }
    }
}
