//! An explanation as data for a page.

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::{Explanation, Remedy, Step};
use crate::protocol::Outcome;

/// With the feature `serde`. An object with `allowed`, `denial` (its kind, or null) and `steps`.
impl Serialize for Explanation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Explanation", 3)?;
        object.serialize_field("allowed", &self.denial.is_none())?;
        object.serialize_field("denial", &self.denial.map(|denial| denial.kind()))?;
        object.serialize_field("steps", &self.steps)?;
        object.end()
    }
}

/// With the feature `serde`. An object with `kind`, `title`, `standard`, `outcome`, `value` (or null), `detail` and `remedies`.
impl Serialize for Step {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Step", 7)?;
        object.serialize_field("kind", self.kind())?;
        object.serialize_field("title", self.title())?;
        object.serialize_field("standard", self.standard())?;
        object.serialize_field("outcome", &self.outcome())?;
        object.serialize_field("value", &self.value())?;
        object.serialize_field("detail", &self.detail())?;
        object.serialize_field("remedies", self.remedies())?;
        object.end()
    }
}

/// With the feature `serde`. `passed`, `failed` or `note`.
impl Serialize for Outcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Note => "note",
        })
    }
}

/// With the feature `serde`. An object with `kind`, `value` (not escaped, or null) and `text` (what to do).
impl Serialize for Remedy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Remedy", 3)?;
        object.serialize_field("kind", self.kind())?;
        object.serialize_field("value", &self.value())?;
        object.serialize_field("text", &self.to_string())?;
        object.end()
    }
}
