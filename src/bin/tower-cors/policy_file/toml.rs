//! TOML, with places.

use std::ops::Range;
use std::rc::Rc;

use toml_edit::{Document, Item, Key as TomlKey, TableLike, Value as TomlValue};

use super::node::{Entry, Key, Node, Value};
use super::syntax::SyntaxError;

/// The parser refuses text that is nested too deeply for it, so recursion over its result is safe.
pub(super) fn parse(text: &str) -> Result<Node, SyntaxError> {
    let document = Document::parse(text).map_err(|error| {
        let range = error.span().unwrap_or(0..0);
        SyntaxError::new(text, range, error.message())
    })?;
    Ok(table(0..text.len(), document.as_table()))
}

fn table(range: Range<usize>, table: &dyn TableLike) -> Node {
    let entries = table.iter().filter_map(|(name, value)| {
        let span = table.key(name).and_then(TomlKey::span).unwrap_or(range.start..range.start);
        let value = item(&span, value)?;
        Some(Entry { key: Key { range: span, name: name.to_owned() }, value: Rc::new(value) })
    });
    let entries = entries.collect();
    Node::new(range, Value::Table(entries))
}

/// `key` is the place of a value without its own: a table that only the dots in keys imply.
fn item(key: &Range<usize>, item: &Item) -> Option<Node> {
    let range = item.span().unwrap_or_else(|| key.clone());
    match item {
        Item::None => None,
        Item::Value(found) => Some(value(range, found)),
        Item::Table(found) => Some(table(range, found)),
        Item::ArrayOfTables(tables) => {
            let tables =
                tables.iter().map(|found| Rc::new(table(found.span().unwrap_or_else(|| key.clone()), found)));
            let tables = tables.collect();
            Some(Node::new(range, Value::List(tables)))
        }
    }
}

fn value(range: Range<usize>, found: &TomlValue) -> Node {
    let value = match found {
        TomlValue::String(text) => Value::Text(text.value().clone()),
        TomlValue::Integer(value) => Value::Integer((*value.value()).into()),
        TomlValue::Float(value) => Value::Float(*value.value()),
        TomlValue::Boolean(value) => Value::Bool(*value.value()),
        // No field is a date: it is shown as written.
        TomlValue::Datetime(date) => Value::Text(date.value().to_string()),
        TomlValue::Array(values) => {
            let nodes = values.iter().map(|found| {
                let range = found.span().unwrap_or_else(|| range.clone());
                Rc::new(value(range, found))
            });
            Value::List(nodes.collect())
        }
        TomlValue::InlineTable(found) => return table(range, found),
    };
    Node::new(range, value)
}
