//! A whole policy as part of a configuration: read and checked in one go.

mod finding;
mod places;

use std::collections::{BTreeSet, HashSet};

use serde::de::{self, Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

pub use self::finding::Finding;
pub(crate) use self::finding::{Findings, Found};
use self::places::locate;
use super::{Issue, warnings};
use crate::policy::{CorsPolicy, Warning};
use crate::spec::CorsPolicyBuilder;
use crate::spec::serde::{Draft, Mistake};

/// With the feature `serde`. The error's message lists everything that is wrong with the policy: unknown and repeated fields,
/// values of the wrong type, and the issues that [`build`](CorsPolicyBuilder::build) finds in the rest. The policy is read to its end
/// to find all of it, so a format's line and column are those of the whole policy; the message names the fields.
/// [`PolicyCheck`] gives the same as data.
impl<'de> Deserialize<'de> for CorsPolicy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Draft { spec, mistakes, .. } = Draft::deserialize(deserializer)?;
        let built = CorsPolicyBuilder { spec, predicates: Vec::new() }.build();
        if mistakes.is_empty() {
            return built.map_err(de::Error::custom);
        }
        let issues = built.err().map_or_else(Vec::new, |error| error.issues);
        Err(de::Error::custom(Findings::new(mistakes, issues)))
    }
}

/// With the feature `serde`. It is read back as the same policy. Only the same version of this crate can read back a format without
/// field names (postcard, bincode), as another version may have other fields. A [predicate](CorsPolicyBuilder::allow_origin_if) is
/// code: a policy with one cannot be serialized.
impl Serialize for CorsPolicy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_builder().serialize(serializer)
    }
}

/// With the feature `serde`.
impl CorsPolicy {
    /// The JSON Schema (draft 7) of a policy's text, for editors and for the schema of a larger configuration. It
    /// accepts everything that can be built, and nothing that cannot be read. `build` may still refuse a valid document, for example
    /// one with `https://example.com/`.
    ///
    /// The program prints it: `tower-cors schema`. See [the policy file](crate::docs::policy_file) for how to tell an editor about it.
    ///
    /// ```
    /// # use tower_cors::CorsPolicy;
    /// let schema: serde_json::Value = serde_json::from_str(CorsPolicy::JSON_SCHEMA)?;
    /// assert!(schema["properties"]["allow_origins"]["description"].is_string());
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub const JSON_SCHEMA: &str = include_str!("../../docs/cors.schema.json");
}

/// With the feature `serde`. A policy read from text, and all findings about that text as data: what is wrong, what
/// [looks like a mistake](CorsPolicy::warnings), and where.
///
/// For programs that check a configuration file and show each mistake in its place. A program that only reads its policy
/// should deserialize a [`CorsPolicy`].
///
/// ```
/// use tower_cors::{Place, PolicyCheck};
///
/// let text = r#"{ "allow_origins": ["https://a.example", "https://b.example/"], "allow_method": "UPDATE" }"#;
/// let check: PolicyCheck = serde_json::from_str(text)?;
/// assert!(check.policy().is_none());
/// let found = check.findings().map(|finding| (finding.kind(), finding.is_error(), finding.place()));
/// assert!(found.eq([
///     ("unknown-field", true, Place::Name { entry: 1 }),
///     ("origin-trailing-slash", true, Place::Element { entry: 0, element: 1 }),
///     ("update-method", false, Place::Element { entry: 1, element: 0 }),
/// ]));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug)]
pub struct PolicyCheck {
    policy: Option<CorsPolicy>,
    findings: Vec<Finding>,
}

impl PolicyCheck {
    /// The policy, if nothing is wrong with its text.
    #[must_use]
    pub fn policy(&self) -> Option<&CorsPolicy> {
        self.policy.as_ref()
    }

    /// The findings, in the order of the builder's fields: unknown fields first; for each field, errors before warnings. If there are
    /// errors, some warnings are left out: those about a refused entry, and those about a whole field, such as a switch that a refused
    /// entry may have needed.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter()
    }
}

/// With the feature `serde`. It fails only if the text cannot be parsed, or is not a table: everything else is a finding.
impl<'de> Deserialize<'de> for PolicyCheck {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut draft = Draft::deserialize(deserializer)?;
        let mistakes = std::mem::take(&mut draft.mistakes);
        let mut checked = CorsPolicyBuilder { spec: draft.spec.clone(), predicates: Vec::new() }.check();
        let mut warnings: Vec<_> =
            warnings::all(&checked.warnings, &checked.spec, &checked.rules.origins).collect();
        let issues = std::mem::take(&mut checked.issues);
        let policy = if issues.is_empty() && mistakes.is_empty() {
            checked.finish().ok()
        } else {
            keep_certain(&mut warnings, &issues);
            None
        };
        let Findings(mut found) = Findings::new(mistakes, issues);
        found.extend(warnings.into_iter().map(Found::Warning));
        Findings::sort(&mut found);
        Ok(Self { policy, findings: locate(&draft, found) })
    }
}

/// Keeps the warnings that stay true once the refused entries are corrected.
fn keep_certain(warnings: &mut Vec<Warning>, issues: &[Issue]) {
    let refused: HashSet<_> = issues.iter().map(|issue| (issue.field(), issue.value())).collect();
    warnings.retain(|warning| {
        warning.value().is_some() && !refused.contains(&(warning.field(), warning.value()))
    });
}

impl Findings {
    fn new(mistakes: Vec<Mistake>, issues: Vec<Issue>) -> Self {
        // A field that could not be read may or may not be empty.
        let unread: BTreeSet<_> = mistakes.iter().filter_map(Mistake::field).collect();
        let is_known = |issue: &Issue| issue.value().is_some() || !unread.contains(issue.field());
        let issues = issues.into_iter().filter(is_known).map(Found::Issue);
        let mut findings: Vec<_> = mistakes.into_iter().map(Found::Mistake).chain(issues).collect();
        Self::sort(&mut findings);
        Self(findings)
    }

    /// Stable: for each field, errors stay before warnings, and both in the order in which they were found.
    fn sort(findings: &mut [Found]) {
        findings.sort_by_key(|found| crate::spec::serde::place(found.field()));
    }
}
