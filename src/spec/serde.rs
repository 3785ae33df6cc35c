//! A policy as the part of a configuration file or of the environment.

use std::fmt;
use std::time::Duration;

use serde::de::{self, Deserialize, Deserializer, SeqAccess, Visitor};
use serde::ser::{Error as _, Serialize, Serializer};

use super::{CorsPolicyBuilder, Spec};
use crate::quoted::Quoted;

/// With the feature `serde`. Reads the builder's raw values; [`build`](CorsPolicyBuilder::build) checks them.
impl<'de> Deserialize<'de> for CorsPolicyBuilder {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self { spec: Spec::deserialize(deserializer)?, predicates: Vec::new() })
    }
}

/// With the feature `serde`. A predicate is code: a builder that has one cannot be serialized.
impl Serialize for CorsPolicyBuilder {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.predicates.is_empty() {
            self.spec.serialize(serializer)
        } else {
            Err(S::Error::custom(HasPredicate))
        }
    }
}

/// Why a builder cannot be serialized.
pub(crate) struct HasPredicate;

/// What a field accepts, for the message of a format that found something else.
pub(crate) enum Expected {
    List,
    MaxAge,
}

/// A list, or one string with commas, which is all that an environment variable can hold.
pub(super) fn list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    deserializer.deserialize_any(ListVisitor)
}

struct ListVisitor;

impl<'de> Visitor<'de> for ListVisitor {
    type Value = Vec<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Expected::List)
    }

    /// An empty element is kept, and refused later: it is where a value is missing. An empty string has no element.
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
pub(super) mod max_age {
    use super::{Deserializer, Duration, MaxAgeVisitor, Serialize, Serializer};

    #[expect(clippy::ref_option, reason = "serde hands a field over by reference")]
    pub(crate) fn serialize<S: Serializer>(
        value: &Option<Duration>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        value.map(|max_age| max_age.as_secs()).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Duration>, D::Error> {
        let seconds = deserializer.deserialize_any(MaxAgeVisitor)?;
        Ok(seconds.map(Duration::from_secs))
    }
}

struct MaxAgeVisitor;

impl Visitor<'_> for MaxAgeVisitor {
    type Value = Option<u64>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Expected::MaxAge)
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
