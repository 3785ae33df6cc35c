//! The policy: written with the builder, checked and compiled once, then read-only.

mod builder;
mod compile;
mod error;
mod predicate;
pub(crate) mod rules;
#[cfg(feature = "serde")]
mod serde;
pub(crate) mod wire;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

pub use self::builder::{ConfigValue, CorsPolicyBuilder};
pub use self::error::{Issue, PolicyError};
use self::rules::{ExposedHeaders, Rules};
use self::wire::Wire;

/// Which pages may call a service, with what, and what they may read of its answers.
///
/// A policy is immutable and was checked when it was [built](CorsPolicyBuilder::build). A clone is one more reference to
/// it, whatever its size. Two policies are equal if they allow the same; predicates are equal only to themselves.
///
/// ```
/// use tower_cors::CorsPolicy;
///
/// let policy = CorsPolicy::builder()
///     .allow_origin("https://app.example.com")
///     .allow_methods(["PUT", "DELETE"])
///     .build()?;
/// assert_eq!(policy.to_builder().build()?, policy);
/// # Ok::<(), tower_cors::PolicyError>(())
/// ```
#[derive(Clone)]
pub struct CorsPolicy(Arc<Compiled>);

struct Compiled {
    rules: Rules,
    wire: Wire,
}

impl CorsPolicy {
    /// Starts a policy that allows nothing.
    pub fn builder() -> CorsPolicyBuilder {
        CorsPolicyBuilder::default()
    }

    /// What the policy was compiled from, to change it: `to_builder().build()` is the same policy.
    ///
    /// Names come back in lower case, each once, and without what a wildcard beside them covers.
    pub fn to_builder(&self) -> CorsPolicyBuilder {
        let rules = self.rules();
        let any = |any: bool| any.then(|| compile::ANY.to_owned()).into_iter();
        let patterns = rules.origins.set.patterns().map(str::to_owned);
        CorsPolicyBuilder {
            origins: any(rules.origins.any).chain(patterns).collect(),
            predicates: rules.origins.predicates.clone(),
            credentials: rules.credentials,
            methods: any(rules.methods.any).chain(rules.methods.listed.iter().cloned()).collect(),
            headers: rules.headers.entries().collect(),
            exposed: match &rules.exposed {
                ExposedHeaders::Named(names) => names.clone(),
                ExposedHeaders::All => any(true).collect(),
            },
            max_age: rules.max_age.map(Duration::from_secs),
            preflight_status: Some(rules.preflight_status.as_u16()),
            vary_by: rules.vary_by.iter().map(ToString::to_string).collect(),
            reject_disallowed_origins: rules.reject_disallowed_origins,
            allow_insecure_origins: rules.allow_insecure_origins,
            allow_public_suffixes: rules.allow_public_suffixes,
            allow_null_origin: rules.origins.null,
        }
    }

    fn new(wire: Wire, rules: Rules) -> Self {
        Self(Arc::new(Compiled { rules, wire }))
    }

    pub(crate) fn rules(&self) -> &Rules {
        &self.0.rules
    }

    pub(crate) fn wire(&self) -> &Wire {
        &self.0.wire
    }
}

impl PartialEq for CorsPolicy {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.rules() == other.rules()
    }
}

impl fmt::Debug for CorsPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CorsPolicy").field(&self.to_builder()).finish()
    }
}
