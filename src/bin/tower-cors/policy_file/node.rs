//! A parsed text: its values, and the place of each.

use std::ops::Range;
use std::rc::Rc;

use serde::de::value::{BorrowedStrDeserializer, Error, MapDeserializer, SeqDeserializer};
use serde::de::{Deserializer, Error as _, Expected, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

/// A value, and its place in the text, in bytes.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) range: Range<usize>,
    pub(crate) value: Value,
}

#[derive(Debug)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Integer(i128),
    Float(f64),
    Text(String),
    /// A YAML alias repeats a value.
    List(Vec<Rc<Node>>),
    /// In the order of the text, with duplicates.
    Table(Vec<Entry>),
}

#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) key: Key,
    pub(crate) value: Rc<Node>,
}

#[derive(Debug)]
pub(crate) struct Key {
    pub(crate) range: Range<usize>,
    pub(crate) name: String,
}

impl Node {
    pub(crate) fn new(range: Range<usize>, value: Value) -> Self {
        Self { range, value }
    }

    /// For serde, as a policy.
    pub(crate) fn as_policy(&self) -> Read<'_> {
        // The table, and its lists. Deeper values do not matter.
        Read { node: self, levels: 2 }
    }
}

/// A value for serde, without deeply nested values: a YAML alias can make them endless.
#[derive(Clone, Copy)]
pub(crate) struct Read<'n> {
    node: &'n Node,
    levels: u8,
}

impl<'n> Deserializer<'n> for Read<'n> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Error> {
        let inner = self.levels.checked_sub(1);
        let below = |node: &'n Rc<Node>| Some(Read { node, levels: inner? });
        match &self.node.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Integer(value) => match (i64::try_from(*value), u64::try_from(*value)) {
                (Ok(value), _) => visitor.visit_i64(value),
                (_, Ok(value)) => visitor.visit_u64(value),
                _ => visitor.visit_i128(*value),
            },
            Value::Float(value) => visitor.visit_f64(*value),
            Value::Text(text) => visitor.visit_borrowed_str(text),
            Value::List(values) => visitor.visit_seq(SeqDeserializer::new(values.iter().map_while(below))),
            Value::Table(entries) => {
                let entries = entries.iter().map_while(|entry| {
                    Some((BorrowedStrDeserializer::new(&entry.key.name), below(&entry.value)?))
                });
                visitor.visit_map(MapDeserializer::new(entries))
            }
        }
    }

    /// A policy. From a list, serde would read the values as fields in their order.
    fn deserialize_struct<V: Visitor<'n>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let found = match &self.node.value {
            Value::Table(_) => return self.deserialize_any(visitor),
            Value::Null => "an empty value",
            Value::Bool(_) => "a boolean",
            Value::Integer(_) | Value::Float(_) => "a number",
            Value::Text(_) => "a string",
            Value::List(_) => "a list",
        };
        let expected: &dyn Expected = &visitor;
        Err(Error::custom(format_args!("{found} is not valid here. Use {expected}")))
    }

    forward_to_deserialize_any! {
        <V: Visitor<'n>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

impl<'n> IntoDeserializer<'n, Error> for Read<'n> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}
