//! A value of any type that a format can state.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// What was found as a field's value.
pub(crate) enum Value {
    Null,
    Bool(bool),
    Integer(i128),
    Float(f64),
    Text(String),
    /// The others, with their places in the list.
    List {
        texts: Vec<String>,
        others: Vec<(usize, Value)>,
    },
    Table,
    Bytes,
}

/// What is accepted, for a message about a wrong value.
#[derive(Clone, Copy)]
pub(crate) enum Expected {
    Policy,
    Name,
    Value,
    List,
    Expressions,
    /// As an element of a list.
    Text,
    Switch,
    MaxAge,
    Status,
}

/// A value that is not of its field's type.
pub(crate) struct Wrong {
    pub(crate) found: Value,
    pub(crate) expected: Expected,
    /// Its index, if it is an element of the field's list.
    pub(crate) element: Option<usize>,
}

impl Value {
    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Expected::Value)
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Value::deserialize(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Value::deserialize(deserializer)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Integer(value.into()))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Integer(value.into()))
    }

    fn visit_i128<E: de::Error>(self, value: i128) -> Result<Value, E> {
        Ok(Value::Integer(value))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Float(value))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.to_owned()))
    }

    fn visit_string<E: de::Error>(self, value: String) -> Result<Value, E> {
        Ok(Value::Text(value))
    }

    fn visit_bytes<E: de::Error>(self, _: &[u8]) -> Result<Value, E> {
        Ok(Value::Bytes)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Value, A::Error> {
        let (mut texts, mut others) = (Vec::new(), Vec::new());
        while let Some(value) = values.next_element()? {
            match value {
                Value::Text(text) => texts.push(text),
                other => others.push((texts.len() + others.len(), other)),
            }
        }
        Ok(Value::List { texts, others })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        if let Some((Value::Text(key), Value::Text(digits))) = map.next_entry()? {
            if key == SERDE_JSON_NUMBER {
                return Ok(number(&digits));
            }
        }
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Value::Table)
    }
}

/// The only key of the table by which `serde_json` represents a number, once any crate of a program has turned on its feature
/// `arbitrary_precision`.
const SERDE_JSON_NUMBER: &str = "$serde_json::private::Number";

fn number(digits: &str) -> Value {
    match digits.parse() {
        Ok(integer) => Value::Integer(integer),
        Err(_) => digits.parse().map_or_else(|_| Value::Text(digits.to_owned()), Value::Float),
    }
}
