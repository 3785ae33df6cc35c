//! A whole policy as a part of a configuration: read and checked in one go.

use serde::de::{self, Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

use crate::policy::CorsPolicy;
use crate::spec::CorsPolicyBuilder;

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
