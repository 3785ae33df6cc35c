//! When two policies are equal: when they allow the same.

use std::collections::HashSet;
use std::sync::Arc;

use http::header::ORIGIN;

use super::CorsPolicy;
use super::rules::{OriginRules, Origins};
use crate::header::is_safelisted_to_expose;
use crate::method::is_safelisted;
use crate::spec::{MaxAge, Spec};

impl PartialEq for CorsPolicy {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || Decisive::of(self) == Decisive::of(other)
    }
}

/// What decides about a request or is said in an answer.
#[derive(PartialEq)]
struct Decisive<'p> {
    origins: &'p Origins,
    methods: HashSet<&'p str>,
    /// Of these, every one counts: by how many names there are, it is known how much of a request has to be read.
    headers: HashSet<&'p str>,
    exposed: HashSet<&'p str>,
    max_age: Option<MaxAge>,
    preflight_status: Option<u16>,
    vary_by: HashSet<&'p str>,
}

impl<'p> Decisive<'p> {
    fn of(policy: &'p CorsPolicy) -> Self {
        // Each field by its name, so that a new one is not forgotten here.
        let Spec {
            // The rules have them.
            allow_origins: _,
            allow_origin_regexes: _,
            allow_credentials: _,
            reject_disallowed_origins: _,
            served_at: _,
            dangerously_allow_null_origin: _,
            allow_methods,
            allow_headers,
            expose_headers,
            max_age,
            preflight_status,
            vary_by,
            // The lists have what they add.
            presets: _,
            // They let a policy be built, and change nothing about it.
            dangerously_allow_insecure_origins: _,
            dangerously_allow_public_suffixes: _,
        } = policy.spec();
        Self {
            origins: &policy.rules().origins,
            methods: set(allow_methods, |method| is_safelisted(method.as_bytes())),
            headers: set(allow_headers, |_| false),
            exposed: set(expose_headers, is_safelisted_to_expose),
            max_age: *max_age,
            preflight_status: *preflight_status,
            vary_by: set(vary_by, |name| name == ORIGIN.as_str()),
        }
    }
}

/// The entries but for those that change nothing.
fn set(entries: &[String], changes_nothing: impl Fn(&str) -> bool) -> HashSet<&str> {
    entries.iter().map(String::as_str).filter(|entry| !changes_nothing(entry)).collect()
}

impl PartialEq for Origins {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, Self::Any) => true,
            (Self::Listed(left), Self::Listed(right)) => left == right,
            _ => false,
        }
    }
}

impl PartialEq for OriginRules {
    fn eq(&self, other: &Self) -> bool {
        let Self { set, regexes, null, predicates, credentials, reject_disallowed, served_at } = self;
        let has_all =
            |left: &Self, right: &Self| right.predicates.iter().all(|one| left.predicates.contains(one));
        *set == other.set
            && *regexes == other.regexes
            && *null == other.null
            && (predicates == &other.predicates || has_all(self, other) && has_all(other, self))
            && *credentials == other.credentials
            && *reject_disallowed == other.reject_disallowed
            && *served_at == other.served_at
    }
}
