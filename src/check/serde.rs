//! A whole policy as a part of a configuration: read and checked in one go.

use std::collections::BTreeSet;

use serde::de::{self, Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

use super::Issue;
use crate::policy::CorsPolicy;
use crate::spec::CorsPolicyBuilder;
use crate::spec::serde::{Draft, Mistake, place};

/// With the feature `serde`. Everything that is wrong with the policy is in the error's message: unknown and repeated fields,
/// values of a wrong type, and the issues that [`build`](CorsPolicyBuilder::build) finds in the rest. To find all of it, the policy
/// is read to its end: a format that tells a line and a column tells those of the whole policy, and the message names the fields.
impl<'de> Deserialize<'de> for CorsPolicy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Draft { spec, mistakes } = Draft::deserialize(deserializer)?;
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

/// Everything that is wrong with a policy's text: unknown fields first, then field by field.
pub(crate) struct Findings(pub(crate) Vec<Finding>);

pub(crate) enum Finding {
    Mistake(Mistake),
    Issue(Issue),
}

impl Findings {
    fn new(mistakes: Vec<Mistake>, issues: Vec<Issue>) -> Self {
        // Whether a field is empty that could not be read, nobody knows.
        let unread: BTreeSet<_> = mistakes.iter().filter_map(Mistake::field).collect();
        let is_known = |issue: &Issue| issue.value().is_some() || !unread.contains(issue.field());
        let issues = issues.into_iter().filter(is_known).map(Finding::Issue);
        let mut findings: Vec<_> = mistakes.into_iter().map(Finding::Mistake).chain(issues).collect();
        // Stable: the mistakes of a field come before its issues, and both in the order in which they were found.
        findings.sort_by_key(|finding| place(finding.field()));
        Self(findings)
    }
}

impl Finding {
    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Mistake(mistake) => mistake.field(),
            Self::Issue(issue) => Some(issue.field()),
        }
    }
}
