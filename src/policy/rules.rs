//! What a policy allows, checked: no contradiction can be written in these types.

use std::time::Duration;

use http::{HeaderName, StatusCode};

use super::predicate::Predicate;
use crate::header::HeaderRules;
use crate::origin::{Origin, OriginSet};
use crate::request::RequestHead;

/// The origin of sandboxed pages and others that have none to name: HTML, serialization of an origin, step 1.
pub(crate) const NULL: &str = "null";

/// The longest max-age that any browser honours: Firefox's.
pub(super) const MAX_MAX_AGE: Duration = Duration::from_secs(86_400);

/// Everything that tells two policies apart.
#[derive(PartialEq)]
pub(crate) struct Rules {
    pub(crate) origins: OriginRules,
    pub(crate) credentials: bool,
    pub(crate) methods: MethodRules,
    pub(crate) headers: HeaderRules,
    pub(crate) exposed: ExposedHeaders,
    /// Seconds.
    pub(crate) max_age: Option<u64>,
    pub(crate) preflight_status: StatusCode,
    pub(crate) vary_by: Vec<HeaderName>,
    pub(crate) reject_disallowed_origins: bool,
    /// These two decide nothing once the policy is built; they are what it was built with.
    pub(crate) allow_insecure_origins: bool,
    pub(crate) allow_public_suffixes: bool,
}

#[derive(PartialEq)]
pub(crate) struct OriginRules {
    pub(crate) any: bool,
    pub(crate) null: bool,
    pub(crate) set: OriginSet,
    pub(crate) predicates: Vec<Predicate>,
}

impl Rules {
    /// Whether the names that "any" or a prefix covers have to be written out, as no list can say so: prefixes are ours,
    /// and with credentials `*` is a name like any other.
    pub(crate) fn writes_headers_out(&self) -> bool {
        self.headers.has_prefixes() || (self.headers.any() && self.credentials)
    }

    /// The same for the requested method.
    pub(crate) fn writes_method_out(&self) -> bool {
        self.methods.any && self.credentials
    }
}

impl OriginRules {
    /// Whether a rule allows the origin that an `Origin` header's bytes are.
    pub(crate) fn allow(&self, origin: &[u8], request: RequestHead<'_>) -> bool {
        if self.set.contains_exact(origin) {
            return true;
        }
        if origin == NULL.as_bytes() {
            // "Any" is `*`, which browsers let `null` pass with; every other rule is about origins that have a name.
            return self.null || self.any;
        }
        // The rest is taken apart only for rules that look at its parts.
        let looks_at_parts = self.any || self.set.has_wildcards() || !self.predicates.is_empty();
        looks_at_parts
            && Origin::from_bytes(origin).is_some_and(|origin| {
                self.any
                    || self.set.matches_wildcard(&origin)
                    || self.predicates.iter().any(|predicate| predicate.allows(&origin, request))
            })
    }
}

#[derive(Debug, PartialEq)]
pub(crate) struct MethodRules {
    pub(crate) any: bool,
    /// Each once; none beside "any", which covers them.
    pub(crate) listed: Vec<String>,
}

impl MethodRules {
    pub(crate) fn lists(&self, method: &[u8]) -> bool {
        self.listed.iter().any(|listed| listed.as_bytes() == method)
    }
}

#[derive(Debug, PartialEq)]
pub(crate) enum ExposedHeaders {
    /// Lowercase, each once.
    Named(Vec<String>),
    All,
}
