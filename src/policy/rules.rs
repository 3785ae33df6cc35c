//! What a policy allows, checked: no contradiction can be written in these types.

use http::header::HeaderValue;

use crate::header::HeaderRules;
use crate::method;
use crate::origin::{Origin, OriginRegexes, OriginSet, ServedAt};
use crate::request::RequestHead;
use crate::spec::Predicate;

/// The origin of sandboxed pages and others that have none to name: HTML, serialization of an origin, step 1.
pub(crate) const NULL: &str = "null";

/// What decides about a request, whatever its answer says.
pub(crate) struct Rules {
    pub(crate) origins: Origins,
    pub(crate) methods: MethodRules,
    pub(crate) headers: HeaderRules,
}

/// Whose pages may read. What needs an origin to name, credentials and rejection, exists beside a list alone.
pub(crate) enum Origins {
    /// `*`: everybody's, without credentials.
    Any,
    Listed(OriginRules),
}

pub(crate) struct OriginRules {
    pub(crate) set: OriginSet,
    /// Where there are any. Elsewhere: most policies have none.
    pub(crate) regexes: Option<Box<OriginRegexes>>,
    pub(crate) null: bool,
    pub(crate) predicates: Vec<Predicate>,
    pub(crate) credentials: bool,
    pub(crate) reject_disallowed: bool,
    /// The service's own origins, where they are named. Elsewhere: most policies name none.
    pub(crate) served_at: Option<Box<ServedAt>>,
}

/// The rule that allows an origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OriginRule<'p> {
    /// `*`.
    Any,
    /// The origin itself.
    Listed,
    /// A pattern with a wildcard.
    Wildcard(&'p str),
    /// A regular expression.
    Regex(&'p str),
    /// A function's yes, which may have had to be waited for.
    Predicate,
    /// `dangerously_allow_null_origin`.
    Null,
}

impl Origins {
    /// The rule that allows the origin that an `Origin` header's bytes are.
    #[inline]
    pub(crate) fn allowing(&self, origin: &[u8], request: RequestHead<'_>) -> Option<OriginRule<'_>> {
        match self {
            // Browsers let `null` pass with `*`; every other rule is about origins that have a name.
            Self::Any if origin == NULL.as_bytes() => Some(OriginRule::Any),
            Self::Any => Origin::from_bytes(origin).map(|_| OriginRule::Any),
            Self::Listed(rules) => rules.allowing(origin, request),
        }
    }

    pub(crate) fn are_any(&self) -> bool {
        matches!(self, Self::Any)
    }

    pub(crate) fn with_credentials(&self) -> bool {
        matches!(self, Self::Listed(rules) if rules.credentials)
    }

    pub(crate) fn reject_disallowed(&self) -> bool {
        matches!(self, Self::Listed(rules) if rules.reject_disallowed)
    }

    /// The service's own origins, where they are named.
    #[inline]
    pub(crate) fn served_at(&self) -> Option<&ServedAt> {
        match self {
            Self::Any => None,
            Self::Listed(rules) => rules.served_at.as_deref(),
        }
    }
}

impl OriginRules {
    #[inline]
    fn allowing(&self, origin: &[u8], request: RequestHead<'_>) -> Option<OriginRule<'_>> {
        if self.set.contains_exact(origin) {
            return Some(OriginRule::Listed);
        }
        if origin == NULL.as_bytes() {
            return self.null.then_some(OriginRule::Null);
        }
        // The rest is taken apart only for rules that look at its parts.
        if !self.set.has_wildcards() && self.regexes.is_none() && self.predicates.is_empty() {
            return None;
        }
        let origin = Origin::from_bytes(origin)?;
        let by_predicate = || {
            let allows = self.predicates.iter().any(|predicate| predicate.allows(&origin, request));
            allows.then_some(OriginRule::Predicate)
        };
        self.matching_pattern(&origin).or_else(by_predicate)
    }

    /// The rule that is not about one origin alone, and is written down.
    pub(crate) fn matching_pattern(&self, origin: &Origin<'_>) -> Option<OriginRule<'_>> {
        let by_regex = || self.regexes.as_ref()?.matching(origin).map(OriginRule::Regex);
        self.set.matching_wildcard(origin).map(OriginRule::Wildcard).or_else(by_regex)
    }

    /// The texts of the regular expressions.
    pub(crate) fn regexes(&self) -> impl Iterator<Item = &str> {
        self.regexes.iter().flat_map(|regexes| regexes.texts())
    }
}

/// Which methods a page may use beyond the CORS-safelisted ones.
pub(crate) enum MethodRules {
    Any,
    /// Each once.
    Listed(Vec<String>),
}

impl MethodRules {
    pub(crate) fn listed(&self) -> &[String] {
        match self {
            Self::Any => &[],
            Self::Listed(methods) => methods,
        }
    }

    /// Whether a method is read at all, or echoed: one that no list names has a bound.
    pub(crate) fn reads(&self, method: &[u8]) -> bool {
        method.len() <= method::MAX_REQUESTED_BYTES || self.lists(method)
    }

    pub(crate) fn lists(&self, method: &[u8]) -> bool {
        self.listed().iter().any(|listed| listed.as_bytes() == method)
    }
}

/// Which response headers a page may read beyond the CORS-safelisted ones.
pub(crate) enum ExposedHeaders {
    All,
    /// Each once, lowercase.
    Listed(Vec<String>),
}

/// What stands for any origin, method or header in a request or response.
pub(crate) const WILDCARD: HeaderValue = HeaderValue::from_static("*");
