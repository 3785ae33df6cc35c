//! A whole policy as a part of a configuration: read and checked in one go.

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

/// With the feature `serde`. Everything that is wrong with the policy is in the error's message: unknown and repeated fields,
/// values of a wrong type, and the issues that [`build`](CorsPolicyBuilder::build) finds in the rest. To find all of it, the policy
/// is read to its end: a format that tells a line and a column tells those of the whole policy, and the message names the fields.
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

/// With the feature `serde`. What is written is read back as the same policy. Where a format writes no names of fields (postcard,
/// bincode), only by the same version of this crate: another one may have other fields.
impl Serialize for CorsPolicy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_builder().serialize(serializer)
    }
}

/// With the feature `serde`.
impl CorsPolicy {
    /// The JSON Schema (draft 7) of what a policy is deserialized from, for editors and for the schema of a larger configuration. It
    /// accepts all that can be built, and nothing that cannot be read: what is right by it may still be refused, as
    /// `https://example.com/` is.
    ///
    /// The program prints it: `tower-cors schema`. See [the policy file](crate::docs::policy_file) for how an editor is told of it.
    ///
    /// ```
    /// # use tower_cors::CorsPolicy;
    /// let schema: serde_json::Value = serde_json::from_str(CorsPolicy::JSON_SCHEMA)?;
    /// assert!(schema["properties"]["allow_origins"]["description"].is_string());
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub const JSON_SCHEMA: &str = include_str!("../../docs/cors.schema.json");
}

/// With the feature `serde`. What a policy's text says, and all that is to be said about it, as data: what is wrong, what
/// [looks like a mistake](CorsPolicy::warnings), and where.
///
/// For programs that check a configuration file and show what is wrong where it stands. A program that only reads its policy
/// deserializes a [`CorsPolicy`].
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
    /// The policy, where nothing is wrong with its text.
    #[must_use]
    pub fn policy(&self) -> Option<&CorsPolicy> {
        self.policy.as_ref()
    }

    /// What is to be said about the text, in the order of the builder's fields: unknown fields first; of each field, what is wrong before
    /// what looks like a mistake. Where something is wrong, some warnings are left out: those about an entry that is refused, and
    /// those about a switch that what is refused may have needed.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter()
    }
}

/// With the feature `serde`. It fails only where the text is not a table: all else is a finding.
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

/// Keeps the warnings that stay true when what is refused is put right.
fn keep_certain(warnings: &mut Vec<Warning>, issues: &[Issue]) {
    let refused: HashSet<_> = issues.iter().map(|issue| (issue.field(), issue.value())).collect();
    warnings.retain(|warning| {
        warning.value().is_some() && !refused.contains(&(warning.field(), warning.value()))
    });
}

impl Findings {
    fn new(mistakes: Vec<Mistake>, issues: Vec<Issue>) -> Self {
        // Whether a field is empty that could not be read, nobody knows.
        let unread: BTreeSet<_> = mistakes.iter().filter_map(Mistake::field).collect();
        let is_known = |issue: &Issue| issue.value().is_some() || !unread.contains(issue.field());
        let issues = issues.into_iter().filter(is_known).map(Found::Issue);
        let mut findings: Vec<_> = mistakes.into_iter().map(Found::Mistake).chain(issues).collect();
        Self::sort(&mut findings);
        Self(findings)
    }

    /// Stable: what is wrong with a field comes before what looks wrong, and each in the order in which it was found.
    fn sort(findings: &mut [Found]) {
        findings.sort_by_key(|found| crate::spec::serde::place(found.field()));
    }
}
