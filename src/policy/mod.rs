//! The policy: checked once, compiled once, then read-only.

pub(crate) mod answers;
mod change;
mod difference;
pub(crate) mod rules;
mod warning;

use std::fmt;
use std::sync::Arc;

use self::answers::Answers;
pub(crate) use self::change::Changed;
pub use self::change::ChangedEntry;
pub use self::difference::PolicyChange;
use self::rules::{Origins, Rules};
pub(crate) use self::warning::Reason;
pub use self::warning::Warning;
use crate::origin::{OriginSet, ServedAt};
use crate::spec::{ANY, CorsPolicyBuilder, Expressions, Predicate, Spec};

/// A CORS policy: which origins may call a service, with which methods and headers, and what their pages may read of the responses.
///
/// A policy is immutable, and was checked when it was [built](CorsPolicyBuilder::build). A clone is one more reference to the same
/// policy.
///
/// Two policies are equal if they allow the same, with the same `max_age`, `preflight_status` and `vary_by`. These make no difference:
/// the order of a list, a repeated value, a value that CORS allows anyway (the method `GET`, the exposed header `Content-Type`), an
/// origin that a wildcard covers, and the `dangerously_` switches that only [`build`](CorsPolicyBuilder::build) reads. A predicate is
/// equal only to its own clones, and a regular expression only to the same text. [`to_builder`](Self::to_builder) keeps some of these,
/// so equal policies can have different builders. [`difference`](Self::difference) says how two policies differ.
///
/// ```
/// use tower_cors::CorsPolicy;
///
/// let policy = CorsPolicy::builder()
///     .allow_origin("https://app.example.com")
///     .allow_methods(["PUT", "DELETE"])
///     .build()?;
/// assert_eq!(policy.to_builder().build()?, policy);
///
/// let same = policy.to_builder().allow_methods(["GET"]).dangerously_allow_insecure_origins(true).build()?;
/// assert_eq!(same, policy);
/// assert_ne!(same.to_builder(), policy.to_builder());
/// # Ok::<(), tower_cors::PolicyError>(())
/// ```
#[derive(Clone)]
pub struct CorsPolicy(Arc<Compiled>);

struct Compiled {
    /// The settings, normalized. Without the two lists of origins, which the rules have: one copy of a million origins is enough.
    spec: Spec,
    rules: Rules,
    answers: Answers,
    /// Warnings about settings that are lost in normalization.
    warnings: Box<[Warning]>,
}

impl CorsPolicy {
    /// Starts a policy that allows nothing.
    #[doc(alias = "new")]
    pub fn builder() -> CorsPolicyBuilder {
        CorsPolicyBuilder::default()
    }

    /// A builder with this policy's settings, to change them: `to_builder().build()` is the same policy.
    ///
    /// Names are in lower case, each once, and without those that a `*` beside them covers.
    pub fn to_builder(&self) -> CorsPolicyBuilder {
        let texts = |set: &OriginSet| set.patterns().map(str::to_owned).collect();
        let (allow_origins, regexes, predicates) = match &self.rules().origins {
            Origins::Any => (vec![ANY.to_owned()], Vec::new(), Vec::new()),
            Origins::Listed(rules) => {
                (texts(&rules.set), rules.regexes().map(str::to_owned).collect(), rules.predicates.clone())
            }
        };
        let own = self.rules().origins.served_at().map(ServedAt::origins);
        let served_at = own.map(texts).unwrap_or_default();
        let allow_origin_regexes = Expressions(regexes);
        let spec = Spec { allow_origins, allow_origin_regexes, served_at, ..self.0.spec.clone() };
        CorsPolicyBuilder { spec, predicates }
    }

    /// `spec` has no origins: they are in the rules.
    pub(crate) fn compiled(spec: Spec, rules: Rules, answers: Answers, warnings: Box<[Warning]>) -> Self {
        Self(Arc::new(Compiled { spec, rules, answers, warnings }))
    }

    /// The settings, without the origins.
    pub(crate) fn spec(&self) -> &Spec {
        &self.0.spec
    }

    #[inline]
    pub(crate) fn rules(&self) -> &Rules {
        &self.0.rules
    }

    #[inline]
    pub(crate) fn answers(&self) -> &Answers {
        &self.0.answers
    }

    /// The warnings that were found when the policy was built.
    pub(crate) fn kept_warnings(&self) -> &[Warning] {
        &self.0.warnings
    }

    /// The texts of the listed origins, and the predicates.
    pub(crate) fn origins(&self) -> (impl Iterator<Item = &str>, &[Predicate]) {
        let rules = match &self.rules().origins {
            Origins::Any => None,
            Origins::Listed(rules) => Some(rules),
        };
        let predicates = rules.map_or(&[][..], |rules| &rules.predicates);
        (rules.into_iter().flat_map(|rules| rules.set.patterns()), predicates)
    }
}

impl fmt::Debug for CorsPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CorsPolicy").field(&self.to_builder()).finish()
    }
}
