//! The values that each type of field accepts, in formats that state the type of each value.

use std::iter;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::value::{Expected, Value, Wrong};
use crate::spec::{Expressions, MaxAge, NamedPreset};

/// A field of one of the types that a policy has. Environment variables are strings, so each type is read from a string too.
pub(super) trait Field {
    /// What the field accepts.
    fn expected(&self) -> Expected;

    /// Takes the value, and returns what is wrong with it.
    fn read(&mut self, value: Value) -> Vec<Wrong>;

    fn is_unset(&self) -> bool {
        false
    }

    /// The values, if the field is a list.
    fn texts(&self) -> Texts<'_> {
        no_texts()
    }

    /// Whether commas separate the values in a string.
    fn has_commas(&self) -> bool {
        true
    }
}

pub(super) type Texts<'a> = Box<dyn Iterator<Item = &'a str> + 'a>;

pub(super) fn no_texts<'a>() -> Texts<'a> {
    Box::new(iter::empty())
}

impl Field for Vec<String> {
    fn expected(&self) -> Expected {
        Expected::List
    }

    /// An empty element between commas is kept, and refused later: a value is missing there. An empty string is an empty list.
    fn read(&mut self, value: Value) -> Vec<Wrong> {
        let split = |text: &str| text.split(',').map(|value| value.trim().to_owned()).collect();
        let expected = self.expected();
        read_list(self, value, expected, split)
    }

    fn texts(&self) -> Texts<'_> {
        Box::new(self.iter().map(String::as_str))
    }
}

/// Names, known or unknown.
impl Field for Vec<NamedPreset> {
    fn expected(&self) -> Expected {
        Expected::List
    }

    fn read(&mut self, value: Value) -> Vec<Wrong> {
        let mut names = Vec::<String>::new();
        let wrong = names.read(value);
        *self = names.into_iter().map(NamedPreset::from).collect();
        wrong
    }

    fn texts(&self) -> Texts<'_> {
        Box::new(self.iter().map(NamedPreset::name))
    }
}

impl Serialize for NamedPreset {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.name().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for NamedPreset {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

impl Field for Expressions {
    fn expected(&self) -> Expected {
        Expected::Expressions
    }

    /// One string is one expression: `[a-z]{2,5}` contains a comma.
    fn read(&mut self, value: Value) -> Vec<Wrong> {
        let expected = self.expected();
        read_list(&mut self.0, value, expected, |text| vec![text.trim().to_owned()])
    }

    fn is_unset(&self) -> bool {
        self.0.is_empty()
    }

    fn texts(&self) -> Texts<'_> {
        self.0.texts()
    }

    fn has_commas(&self) -> bool {
        false
    }
}

impl Serialize for Expressions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Expressions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Self)
    }
}

fn read_list(
    list: &mut Vec<String>,
    value: Value,
    expected: Expected,
    split: impl Fn(&str) -> Vec<String>,
) -> Vec<Wrong> {
    match value {
        Value::Text(text) if text.trim().is_empty() => list.clear(),
        Value::Text(text) => *list = split(&text),
        Value::List { texts, others } => {
            *list = texts;
            let wrong = |(element, found)| Wrong { found, expected: Expected::Text, element: Some(element) };
            return others.into_iter().map(wrong).collect();
        }
        found => return vec![Wrong { found, expected, element: None }],
    }
    Vec::new()
}

impl Field for bool {
    fn expected(&self) -> Expected {
        Expected::Switch
    }

    fn read(&mut self, value: Value) -> Vec<Wrong> {
        let switch = match &value {
            Value::Bool(switch) => Some(*switch),
            Value::Text(text) => text.trim().parse().ok(),
            _ => None,
        };
        replace(self, switch, value)
    }
}

impl Field for Option<MaxAge> {
    fn expected(&self) -> Expected {
        Expected::MaxAge
    }

    fn read(&mut self, value: Value) -> Vec<Wrong> {
        let seconds = match &value {
            Value::Null => Some(None),
            Value::Integer(seconds) => u64::try_from(*seconds).ok().map(Some),
            Value::Text(text) => seconds(text).map(Some),
            _ => None,
        };
        let max_age = seconds.map(|seconds| seconds.map(Duration::from_secs).map(MaxAge));
        replace(self, max_age, value)
    }

    fn is_unset(&self) -> bool {
        self.is_none()
    }
}

/// Seconds, or a number with its unit.
fn seconds(text: &str) -> Option<u64> {
    let duration = || humantime::parse_duration(text).ok().map(|duration| duration.as_secs());
    text.trim().parse().ok().or_else(duration)
}

/// Whole seconds.
impl Serialize for MaxAge {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_secs().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for MaxAge {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        u64::deserialize(deserializer).map(Duration::from_secs).map(Self)
    }
}

/// A status. The check whether it means success comes later.
impl Field for Option<u16> {
    fn expected(&self) -> Expected {
        Expected::Status
    }

    fn read(&mut self, value: Value) -> Vec<Wrong> {
        let status = match &value {
            Value::Null => Some(None),
            Value::Integer(status) => u16::try_from(*status).ok().map(Some),
            Value::Text(text) => text.trim().parse().ok().map(Some),
            _ => None,
        };
        replace(self, status, value)
    }

    fn is_unset(&self) -> bool {
        self.is_none()
    }
}

fn replace<T: Field>(field: &mut T, read: Option<T>, found: Value) -> Vec<Wrong> {
    match read {
        Some(read) => {
            *field = read;
            Vec::new()
        }
        None => vec![Wrong { found, expected: field.expected(), element: None }],
    }
}
