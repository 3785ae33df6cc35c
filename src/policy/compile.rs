//! From raw values to a policy: every check, and the only place that can fail.

use std::time::Duration;

use http::{HeaderName, StatusCode};

use super::builder::CorsPolicyBuilder;
use super::error::{Issue, PolicyError};
use super::rules::{ExposedHeaders, MAX_MAX_AGE, MethodRules, NULL, OriginRules, Rules};
use super::{CorsPolicy, wire};
use crate::header::{self, HeaderProblem, HeaderRules};
use crate::method::{self, MethodProblem};
use crate::origin::{self, OriginProblem, OriginSet, Pattern, SetFull};

/// What stands for "any" in every list.
pub(super) const ANY: &str = "*";

impl CorsPolicyBuilder {
    /// Checks everything and compiles the policy.
    ///
    /// # Errors
    ///
    /// Every issue at once: what can never match, what browsers refuse, what contradicts itself and what is dangerous.
    /// Each method here says what it refuses.
    ///
    /// ```
    /// # use tower_cors::{CorsPolicy, Issue, OriginProblem};
    /// let error = CorsPolicy::builder().allow_origin("https://example.com/").build().expect_err("it has a slash");
    /// let issue = error.issues().next().expect("an issue");
    /// assert!(matches!(issue, Issue::Origin { reason: OriginProblem::TrailingSlash, .. }));
    /// assert_eq!(issue.suggestion(), Some("https://example.com"));
    /// ```
    pub fn build(mut self) -> Result<CorsPolicy, PolicyError> {
        // In the order of the issues.
        let mut issues = Vec::new();
        let origins = compile_origins(std::mem::take(&mut self.origins), &self, &mut issues);
        if origins.any && self.credentials {
            issues.push(Issue::AnyOriginWithCredentials);
        }
        let methods = compile_methods(self.methods, &mut issues);
        let headers = compile_headers(self.headers, &mut issues);
        let exposed = compile_exposed(self.exposed, &mut issues);
        let max_age = check_max_age(self.max_age, &mut issues);
        let preflight_status = check_status(self.preflight_status, &mut issues);
        let vary_by = compile_vary_by(self.vary_by, &mut issues);
        if origins.any && self.reject_disallowed_origins {
            issues.push(Issue::RejectsNoOrigin);
        }
        if !issues.is_empty() {
            return Err(PolicyError::new(issues));
        }
        let rules = Rules {
            origins: OriginRules { predicates: self.predicates, ..origins },
            credentials: self.credentials,
            methods,
            headers,
            exposed,
            max_age,
            preflight_status,
            vary_by,
            reject_disallowed_origins: self.reject_disallowed_origins,
            allow_insecure_origins: self.allow_insecure_origins,
            allow_public_suffixes: self.allow_public_suffixes,
        };
        Ok(CorsPolicy::new(wire::compile(&rules), rules))
    }
}

impl CorsPolicy {
    /// Whether a policy like this one may list an origin.
    pub(crate) fn accepts_origin(&self, origin: &str) -> bool {
        let rules = self.rules();
        let like_this = CorsPolicyBuilder {
            credentials: rules.credentials,
            allow_insecure_origins: rules.allow_insecure_origins,
            allow_public_suffixes: rules.allow_public_suffixes,
            ..CorsPolicyBuilder::default()
        };
        is_accepted(&like_this, origin)
    }
}

/// Each text is freed as soon as it is in the set, so that a long list is not held twice.
fn compile_origins(texts: Vec<String>, builder: &CorsPolicyBuilder, issues: &mut Vec<Issue>) -> OriginRules {
    if texts.is_empty() && builder.predicates.is_empty() && !builder.allow_null_origin {
        issues.push(Issue::NoOrigin);
    }
    let mut set = OriginSet::default();
    set.reserve(texts.len());
    let mut any = false;
    let mut is_full = false;
    for text in texts {
        match Pattern::parse(&text) {
            _ if text == ANY => any = true,
            _ if text == NULL && builder.allow_null_origin => {}
            Ok(pattern) => {
                issues.extend(dangers(builder, &text, &pattern));
                is_full |= set.insert(&text, &pattern) == Err(SetFull);
            }
            Err(reason) => issues.push(origin_issue(&text, reason, suggest_origin(builder, &text))),
        }
    }
    set.shrink_to_fit();
    if is_full {
        issues.push(Issue::TooManyOrigins);
    }
    OriginRules { any, null: builder.allow_null_origin, set, predicates: Vec::new() }
}

/// What may have been meant, in a form that this policy accepts: with credentials, not all that is well-formed.
fn suggest_origin(builder: &CorsPolicyBuilder, text: &str) -> Option<String> {
    let meant = origin::suggest(text)?;
    if is_accepted(builder, &meant) { Some(meant) } else { suggest_secure_origin(builder, &meant) }
}

fn suggest_secure_origin(builder: &CorsPolicyBuilder, text: &str) -> Option<String> {
    origin::suggest_secure(text).filter(|secure| is_accepted(builder, secure))
}

fn is_accepted(builder: &CorsPolicyBuilder, text: &str) -> bool {
    Pattern::parse(text).is_ok_and(|pattern| dangers(builder, text, &pattern).next().is_none())
}

/// What a pattern would let strangers do with a visitor's credentials.
fn dangers(
    builder: &CorsPolicyBuilder,
    text: &str,
    pattern: &Pattern<'_>,
) -> impl Iterator<Item = Issue> + use<> {
    let insecure = (builder.credentials && !builder.allow_insecure_origins && pattern.is_insecure())
        .then(|| origin_issue(text, OriginProblem::Insecure, suggest_secure_origin(builder, text)));
    let checks_owners = builder.credentials && !builder.allow_public_suffixes;
    let public_suffix = (checks_owners && pattern.spans_registrable_domains())
        .then(|| origin_issue(text, OriginProblem::PublicSuffix, None));
    let any_extension = (checks_owners && pattern.is_any_extension())
        .then(|| origin_issue(text, OriginProblem::AnyExtension, None));
    [insecure, public_suffix, any_extension].into_iter().flatten()
}

fn origin_issue(text: &str, reason: OriginProblem, suggestion: Option<String>) -> Issue {
    Issue::Origin { value: text.to_owned(), reason, suggestion }
}

fn compile_methods(methods: Vec<String>, issues: &mut Vec<Issue>) -> MethodRules {
    let any = methods.iter().any(|value| value == ANY);
    let mut listed = Vec::new();
    for value in methods.into_iter().filter(|value| value != ANY) {
        match method::check(&value) {
            // "Any" covers the others.
            Ok(()) if any => {}
            Ok(()) => listed.push(value),
            Err(reason) => {
                let suggestion = suggest_method(&value, reason);
                issues.push(Issue::Method { value, reason, suggestion });
            }
        }
    }
    MethodRules { any, listed: unique(listed) }
}

fn suggest_method(value: &str, reason: MethodProblem) -> Option<String> {
    let meant = value.trim();
    let meant = method::well_known(meant).unwrap_or(meant);
    (reason != MethodProblem::Forbidden && method::check(meant).is_ok()).then(|| meant.to_owned())
}

fn compile_headers(headers: Vec<String>, issues: &mut Vec<Issue>) -> HeaderRules {
    let any = headers.iter().any(|value| value == ANY);
    let names = check_names(headers, header::check_requested, issues, |value, reason, suggestion| {
        Issue::RequestHeader { value, reason, suggestion }
    });
    HeaderRules::new(any, names)
}

fn compile_exposed(exposed: Vec<String>, issues: &mut Vec<Issue>) -> ExposedHeaders {
    let all = exposed.iter().any(|value| value == ANY);
    let names = check_names(exposed, header::check_exposed, issues, |value, reason, suggestion| {
        Issue::ExposedHeader { value, reason, suggestion }
    });
    if all { ExposedHeaders::All } else { ExposedHeaders::Named(unique(names)) }
}

fn compile_vary_by(vary_by: Vec<String>, issues: &mut Vec<Issue>) -> Vec<HeaderName> {
    let is_any = vary_by.iter().any(|value| value == ANY);
    if is_any {
        // `Vary: *` forbids all caching. Whoever wants that sets it on the responses.
        let (value, reason) = (ANY.to_owned(), HeaderProblem::Wildcard);
        issues.push(Issue::VaryHeader { value, reason, suggestion: None });
    }
    let names = check_names(vary_by, header::check_varying, issues, |value, reason, suggestion| {
        Issue::VaryHeader { value, reason, suggestion }
    });
    unique(names).into_iter().filter_map(|name| name.parse().ok()).collect()
}

/// The good names among the values, lowercase; "any" aside.
fn check_names(
    values: Vec<String>,
    check: fn(&str) -> Result<(), HeaderProblem>,
    issues: &mut Vec<Issue>,
    issue: fn(String, HeaderProblem, Option<String>) -> Issue,
) -> Vec<String> {
    let mut names = Vec::new();
    for value in values.into_iter().filter(|value| value != ANY) {
        let name = value.to_ascii_lowercase();
        match check(&name) {
            Ok(()) => names.push(name),
            Err(reason) => {
                let meant = name.trim_matches(|char: char| char.is_whitespace() || char == ':');
                let suggestion = check(meant).is_ok().then(|| meant.to_owned());
                issues.push(issue(value, reason, suggestion));
            }
        }
    }
    names
}

fn unique(names: Vec<String>) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    names.into_iter().filter(|name| seen.insert(name.clone())).collect()
}

fn check_max_age(max_age: Option<Duration>, issues: &mut Vec<Issue>) -> Option<u64> {
    let value = max_age?;
    if value.as_secs() > MAX_MAX_AGE.as_secs() {
        issues.push(Issue::MaxAge { value });
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
            issues.push(Issue::PreflightStatus { value });
            StatusCode::NO_CONTENT
        }
    }
}
