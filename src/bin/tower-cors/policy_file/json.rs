//! JSON, with places.

use std::ops::Range;
use std::rc::Rc;

use jsonc_parser::ast;
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::node::{Entry, Key, Node, Value};
use super::syntax::SyntaxError;

/// JSON as RFC 8259 has it. What a service reads its policy with would refuse a comment or a comma too many, so nothing of that
/// passes here.
const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

pub(super) fn parse(text: &str) -> Result<Node, SyntaxError> {
    let wrong = |range: Range<usize>, message: String| SyntaxError::new(text, range, message);
    let parsed = parse_to_ast(text, &CollectOptions::default(), &STRICT)
        .map_err(|error| wrong(error.range().start..error.range().end, error.kind().to_string()))?;
    let value = parsed.value.ok_or_else(|| wrong(text.len()..text.len(), "Expected a value".to_owned()))?;
    Ok(node(&value))
}

/// The parser refuses what is nested too deeply for it, so what it hands over can be walked.
fn node(value: &ast::Value<'_>) -> Node {
    let range = value.start()..value.end();
    let value = match value {
        ast::Value::NullKeyword(_) => Value::Null,
        ast::Value::BooleanLit(literal) => Value::Bool(literal.value),
        ast::Value::NumberLit(literal) => number(literal.value),
        ast::Value::StringLit(literal) => Value::Text(literal.value.clone().into_owned()),
        ast::Value::Array(array) => {
            Value::List(array.elements.iter().map(|element| Rc::new(node(element))).collect())
        }
        ast::Value::Object(object) => Value::Table(object.properties.iter().map(entry).collect()),
    };
    Node::new(range, value)
}

fn number(digits: &str) -> Value {
    match digits.parse() {
        Ok(integer) => Value::Integer(integer),
        Err(_) => digits.parse().map_or_else(|_| Value::Text(digits.to_owned()), Value::Float),
    }
}

fn entry(property: &ast::ObjectProp<'_>) -> Entry {
    let key =
        Key { range: property.name.start()..property.name.end(), name: property.name.as_str().to_owned() };
    Entry { key, value: Rc::new(node(&property.value)) }
}
