//! What a policy says, as it was written: plain data, unchecked.

mod builder;
mod entry;
mod named_preset;
mod predicate;
#[cfg(feature = "serde")]
pub(crate) mod serde;

use std::time::Duration;

pub use self::builder::CorsPolicyBuilder;
pub use self::entry::PolicyEntry;
pub(crate) use self::named_preset::NamedPreset;
pub(crate) use self::predicate::Predicate;

/// "Any", in every list.
pub(crate) const ANY: &str = "*";

/// Everything about a policy that can be written down. The fields here and in a configuration file are named after the builder's
/// methods.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Spec {
    pub(crate) allow_origins: Vec<String>,
    pub(crate) allow_origin_regexes: Expressions,
    pub(crate) allow_credentials: bool,
    pub(crate) allow_methods: Vec<String>,
    pub(crate) allow_headers: Vec<String>,
    pub(crate) expose_headers: Vec<String>,
    pub(crate) max_age: Option<MaxAge>,
    pub(crate) preflight_status: Option<u16>,
    pub(crate) vary_by: Vec<String>,
    pub(crate) reject_disallowed_origins: bool,
    pub(crate) served_at: Vec<String>,
    pub(crate) presets: Vec<NamedPreset>,
    pub(crate) dangerously_allow_insecure_origins: bool,
    pub(crate) dangerously_allow_public_suffixes: bool,
    pub(crate) dangerously_allow_null_origin: bool,
}

/// Regular expressions, each as it was written. Many contain commas, so one string is always one expression.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Expressions(pub(crate) Vec<String>);

/// As it was given. A fraction of a second has no effect, but a warning may mention it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MaxAge(pub(crate) Duration);

impl MaxAge {
    pub(crate) fn as_secs(self) -> u64 {
        self.0.as_secs()
    }
}

impl PartialEq for MaxAge {
    fn eq(&self, other: &Self) -> bool {
        self.as_secs() == other.as_secs()
    }
}

impl Eq for MaxAge {}
