//! A policy as the part of a configuration file or of the environment.

use std::fmt;
use std::time::Duration;

use serde::de::{self, Deserialize, Deserializer, SeqAccess, Visitor};
use serde::ser::{Error as _, Serialize, Serializer};

use super::{CorsPolicy, CorsPolicyBuilder};
use crate::quoted::Quoted;

/// The fields of a configuration file, each named after the builder's method.
#[derive(Default, serde::Deserialize, serde::Serialize)]
#[serde(default, deny_unknown_fields, rename = "CorsPolicy")]
struct Fields {
    allow_origins: List,
    allow_credentials: bool,
    allow_methods: List,
    allow_headers: List,
    expose_headers: List,
    #[serde(deserialize_with = "max_age", skip_serializing_if = "Option::is_none")]
    max_age: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    preflight_status: Option<u16>,
    vary_by: List,
    reject_disallowed_origins: bool,
    dangerously_allow_insecure_origins: bool,
    dangerously_allow_public_suffixes: bool,
    dangerously_allow_null_origin: bool,
}

/// With the feature `serde`. Reads the builder's raw values; [`build`](CorsPolicyBuilder::build) checks them.
impl<'de> Deserialize<'de> for CorsPolicyBuilder {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = Fields::deserialize(deserializer)?;
        Ok(Self {
            origins: fields.allow_origins.0,
            predicates: Vec::new(),
            credentials: fields.allow_credentials,
            methods: fields.allow_methods.0,
            headers: fields.allow_headers.0,
            exposed: fields.expose_headers.0,
            max_age: fields.max_age.map(Duration::from_secs),
            preflight_status: fields.preflight_status,
            vary_by: fields.vary_by.0,
            reject_disallowed_origins: fields.reject_disallowed_origins,
            allow_insecure_origins: fields.dangerously_allow_insecure_origins,
            allow_public_suffixes: fields.dangerously_allow_public_suffixes,
            allow_null_origin: fields.dangerously_allow_null_origin,
        })
    }
}

/// With the feature `serde`. A predicate is no data: a builder that has one is an error.
impl Serialize for CorsPolicyBuilder {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !self.predicates.is_empty() {
            return Err(S::Error::custom(
                "a predicate of `allow_origin_if` is code and cannot be serialized",
            ));
        }
        Fields {
            allow_origins: List(self.origins.clone()),
            allow_credentials: self.credentials,
            allow_methods: List(self.methods.clone()),
            allow_headers: List(self.headers.clone()),
            expose_headers: List(self.exposed.clone()),
            max_age: self.max_age.map(|max_age| max_age.as_secs()),
            preflight_status: self.preflight_status,
            vary_by: List(self.vary_by.clone()),
            reject_disallowed_origins: self.reject_disallowed_origins,
            dangerously_allow_insecure_origins: self.allow_insecure_origins,
            dangerously_allow_public_suffixes: self.allow_public_suffixes,
            dangerously_allow_null_origin: self.allow_null_origin,
        }
        .serialize(serializer)
    }
}

/// With the feature `serde`. Every issue of the policy is in the error's message.
impl<'de> Deserialize<'de> for CorsPolicy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        CorsPolicyBuilder::deserialize(deserializer)?.build().map_err(de::Error::custom)
    }
}

/// With the feature `serde`. What is written is read back as the same policy.
impl Serialize for CorsPolicy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_builder().serialize(serializer)
    }
}

/// A list, or one string with commas, which is all that an environment variable can hold.
#[derive(Default, serde::Serialize)]
struct List(Vec<String>);

impl<'de> Deserialize<'de> for List {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ListVisitor).map(Self)
    }
}

struct ListVisitor;

impl<'de> Visitor<'de> for ListVisitor {
    type Value = Vec<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of strings, or one string with commas between its values")
    }

    /// An element that is empty is kept, to be refused: it is where a value is missing. An empty string is no element.
    fn visit_str<E: de::Error>(self, text: &str) -> Result<Vec<String>, E> {
        if text.trim().is_empty() {
            return Ok(Vec::new());
        }
        Ok(text.split(',').map(|value| value.trim().to_owned()).collect())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Vec<String>, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = values.next_element()? {
            list.push(value);
        }
        Ok(list)
    }
}

/// Seconds, or a number with its unit.
fn max_age<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    deserializer.deserialize_any(MaxAgeVisitor)
}

struct MaxAgeVisitor;

impl Visitor<'_> for MaxAgeVisitor {
    type Value = Option<u64>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number of seconds, or a duration such as \"10m\"")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Option<u64>, E> {
        Ok(None)
    }

    fn visit_u64<E: de::Error>(self, seconds: u64) -> Result<Option<u64>, E> {
        Ok(Some(seconds))
    }

    fn visit_i64<E: de::Error>(self, seconds: i64) -> Result<Option<u64>, E> {
        match u64::try_from(seconds) {
            Ok(seconds) => Ok(Some(seconds)),
            Err(_) => Err(E::invalid_value(de::Unexpected::Signed(seconds), &self)),
        }
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Option<u64>, E> {
        let seconds = text.trim().parse().ok();
        let duration = || humantime::parse_duration(text).ok().map(|duration| duration.as_secs());
        match seconds.or_else(duration) {
            Some(seconds) => Ok(Some(seconds)),
            None => Err(E::invalid_value(de::Unexpected::Other(&Quoted(text).to_string()), &self)),
        }
    }
}
