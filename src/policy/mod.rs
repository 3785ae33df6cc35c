//! The policy: checked and compiled once, then read-only.

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

/// Which pages may call a service, with what, and what they may read of its answers.
///
/// A policy is immutable and was checked when it was [built](CorsPolicyBuilder::build). A clone is one more reference to
/// it, whatever its size.
///
/// Two policies are equal if they allow the same. Nothing is decided by the order of a list, by a value that is given twice,
/// that CORS allows anyway (the method `GET`, the exposed header `Content-Type`) or that an origin's wildcard covers, nor by the
/// `dangerously_` switches that [`build`](CorsPolicyBuilder::build) asks. Predicates are equal only to their own clones, and
/// regular expressions only to the same text. The builders of equal policies may differ: [`to_builder`](Self::to_builder) gives back what
/// was written. What policies that are not equal differ in is their [`difference`](Self::difference).
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
    /// What was written, in one spelling of many. Without the origins of either list: of a million one copy is enough.
    spec: Spec,
    rules: Rules,
    answers: Answers,
    /// About what was written and is in none of these.
    warnings: Box<[Warning]>,
}

impl CorsPolicy {
    /// Starts a policy that allows nothing.
    #[doc(alias = "new")]
    pub fn builder() -> CorsPolicyBuilder {
        CorsPolicyBuilder::default()
    }

    /// What the policy was compiled from, to change it: `to_builder().build()` is the same policy.
    ///
    /// Names come back in lower case, each once, and nothing comes back that a `*` beside it covers.
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

    /// `spec` is without the origins, which the rules have.
    pub(crate) fn compiled(spec: Spec, rules: Rules, answers: Answers, warnings: Box<[Warning]>) -> Self {
        Self(Arc::new(Compiled { spec, rules, answers, warnings }))
    }

    /// What was written, but for the origins.
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
