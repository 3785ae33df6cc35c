//! What a policy says, as it was written: plain data, unchecked.

mod builder;
mod entry;
mod predicate;
#[cfg(feature = "serde")]
pub(crate) mod serde;

use std::time::Duration;

pub use self::builder::CorsPolicyBuilder;
pub use self::entry::PolicyEntry;
pub(crate) use self::predicate::Predicate;

/// What stands for "any" in every list.
pub(crate) const ANY: &str = "*";

/// Everything that can be written down about a policy. The fields are named after the builder's methods, and so are those of
/// a configuration file.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(::serde::Deserialize, ::serde::Serialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields, rename = "CorsPolicy"))]
pub(crate) struct Spec {
    #[cfg_attr(feature = "serde", serde(deserialize_with = "serde::list"))]
    pub(crate) allow_origins: Vec<String>,
    pub(crate) allow_credentials: bool,
    #[cfg_attr(feature = "serde", serde(deserialize_with = "serde::list"))]
    pub(crate) allow_methods: Vec<String>,
    #[cfg_attr(feature = "serde", serde(deserialize_with = "serde::list"))]
    pub(crate) allow_headers: Vec<String>,
    #[cfg_attr(feature = "serde", serde(deserialize_with = "serde::list"))]
    pub(crate) expose_headers: Vec<String>,
    #[cfg_attr(feature = "serde", serde(with = "serde::max_age", skip_serializing_if = "Option::is_none"))]
    pub(crate) max_age: Option<Duration>,
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub(crate) preflight_status: Option<u16>,
    #[cfg_attr(feature = "serde", serde(deserialize_with = "serde::list"))]
    pub(crate) vary_by: Vec<String>,
    pub(crate) reject_disallowed_origins: bool,
    pub(crate) dangerously_allow_insecure_origins: bool,
    pub(crate) dangerously_allow_public_suffixes: bool,
    pub(crate) dangerously_allow_null_origin: bool,
}
