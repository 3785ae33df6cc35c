//! What a policy allows, checked: these types cannot hold a contradiction.

use http::header::HeaderValue;

use crate::header::HeaderRules;
use crate::method;
use crate::origin::{Origin, OriginRegexes, OriginSet, ServedAt};
use crate::request::RequestHead;
use crate::spec::Predicate;

/// The serialized opaque origin, such as that of a sandboxed page: HTML, serialization of an origin, step 1.
pub(crate) const NULL: &str = "null";

/// The rules that decide about a request.
pub(crate) struct Rules {
    pub(crate) origins: Origins,
    pub(crate) methods: MethodRules,
    pub(crate) headers: HeaderRules,
}

/// Whose pages may read responses. Credentials and rejection exist only with a list, since they need named
/// origins.
pub(crate) enum Origins {
    /// `*`: the pages of any origin, without credentials.
    Any,
    Listed(OriginRules),
}

pub(crate) struct OriginRules {
    pub(crate) set: OriginSet,
    /// Boxed, because most policies have none.
    pub(crate) regexes: Option<Box<OriginRegexes>>,
    pub(crate) null: bool,
    pub(crate) predicates: Vec<Predicate>,
    pub(crate) credentials: bool,
    pub(crate) reject_disallowed: bool,
    /// The service's own origins, if they are named. Boxed, because most policies name none.
    pub(crate) served_at: Option<Box<ServedAt>>,
}

/// The rule that allows an origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OriginRule<'p> {
    /// `*`.
    Any,
    /// The origin itself, in the list.
    Listed,
    /// A pattern with a wildcard.
    Wildcard(&'p str),
    /// A regular expression.
    Regex(&'p str),
    /// A predicate, or a look-up of the origin.
    Predicate,
    /// `dangerously_allow_null_origin`.
    Null,
}

impl Origins {
    /// The rule that allows this `Origin` header value, if one does.
    #[inline]
    pub(crate) fn allowing(&self, origin: &[u8], request: RequestHead<'_>) -> Option<OriginRule<'_>> {
        match self {
            // Browsers accept `*` for `null`. All other rules are for origins that are not opaque.
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

    /// The service's own origins, if they are named.
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
        // The origin is parsed only for rules that need its parts.
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

    /// The wildcard or regular expression that matches, if one does.
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

    /// Whether a method is read or echoed at all: its length is limited unless it is listed.
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

/// Stands for any origin, method or header in a response.
pub(crate) const WILDCARD: HeaderValue = HeaderValue::from_static("*");
