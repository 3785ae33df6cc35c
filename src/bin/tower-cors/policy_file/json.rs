//! JSON, with places.

use std::fmt;
use std::ops::Range;
use std::rc::Rc;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::node::{Entry, Key, Node, Value};
use super::syntax::SyntaxError;

/// How many levels of lists and tables are read: the text, its `cors`, a policy of that list, a field, and a list in a field's list.
const LEVELS: usize = 5;

/// JSON as in RFC 8259. The parsers of services refuse comments and trailing commas, so this one does too.
pub(super) fn parse(text: &str) -> Result<Node, SyntaxError> {
    let value = serde_json::from_str::<&RawValue>(text).map_err(|error| {
        let before = text.split_inclusive('\n').take(error.line().saturating_sub(1));
        let place = before.map(str::len).sum::<usize>() + error.column().saturating_sub(1);
        SyntaxError::new(text, place..place, what(&error))
    })?;
    node(text, value.get(), LEVELS)
}

/// What is wrong, without the place, which is reported separately.
fn what(error: &serde_json::Error) -> String {
    let message = error.to_string();
    message.split(" at line ").next().map(str::to_owned).unwrap_or_default()
}

/// Reads a value out of the text, one level at a time. All of it is known to be JSON, so only a string can still be wrong.
fn node(text: &str, raw: &str, levels: usize) -> Result<Node, SyntaxError> {
    let range = range(text, raw);
    let wrong = |error| SyntaxError::new(text, range.clone(), what(&error));
    let value = match raw.as_bytes().first() {
        Some(b'{' | b'[') if levels == 0 => Value::List(Vec::new()),
        Some(b'{') => {
            let Entries(entries) = serde_json::from_str(raw).map_err(wrong)?;
            let entries = entries.into_iter().map(|(key, value)| {
                let range = self::range(text, key.get());
                let name = serde_json::from_str(key.get())
                    .map_err(|error| SyntaxError::new(text, range.clone(), what(&error)))?;
                let key = Key { range, name };
                Ok(Entry { key, value: Rc::new(node(text, value.get(), levels - 1)?) })
            });
            Value::Table(entries.collect::<Result<_, _>>()?)
        }
        Some(b'[') => {
            let values: Vec<&RawValue> = serde_json::from_str(raw).map_err(wrong)?;
            let values = values.into_iter().map(|value| node(text, value.get(), levels - 1).map(Rc::new));
            Value::List(values.collect::<Result<_, _>>()?)
        }
        Some(b'"') => Value::Text(serde_json::from_str(raw).map_err(wrong)?),
        Some(b't') => Value::Bool(true),
        Some(b'f') => Value::Bool(false),
        Some(b'n') => Value::Null,
        _ => number(raw),
    };
    Ok(Node::new(range, value))
}

/// The entries of a table in their order, with duplicates.
struct Entries<'t>(Vec<(&'t RawValue, &'t RawValue)>);

impl<'t> Deserialize<'t> for Entries<'t> {
    fn deserialize<D: Deserializer<'t>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EntriesVisitor)
    }
}

struct EntriesVisitor;

impl<'t> Visitor<'t> for EntriesVisitor {
    type Value = Entries<'t>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<Entries<'t>, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Entries(entries))
    }
}

/// `raw` is a part of the text.
fn range(text: &str, raw: &str) -> Range<usize> {
    let start = raw.as_ptr() as usize - text.as_ptr() as usize;
    start..start + raw.len()
}

fn number(digits: &str) -> Value {
    match digits.parse() {
        Ok(integer) => Value::Integer(integer),
        Err(_) => digits.parse().map_or_else(|_| Value::Text(digits.to_owned()), Value::Float),
    }
}
