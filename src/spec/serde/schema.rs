//! The JSON Schema of a policy: written from the fields, kept as a file, and read by editors.
//!
//! It is draft 7, which every editor knows. With `UPDATE=1` in the environment, the test rewrites the file.

use std::fs;

use serde_json::{Value, json};

use super::value::Expected;
use super::{FIELDS, Spec};
use crate::preset;
use crate::{CorsPolicy, check};

/// The characters that `str::trim` removes: Unicode's `White_Space`. Written out, as `\s` differs between engines.
const SPACE: &str = r"\t\n\u000b\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000";

/// The units of `humantime`.
const UNITS: &str = "nanos|nsec|ns|usec|us|\\u00b5s|millis|msec|ms|seconds|second|secs|sec|s|minutes|minute|mins|min|m|hours|hour|\
                     hrs|hr|h|days|day|d|weeks|week|wks|wk|w|months|month|M|years|year|yrs|yr|y";

#[test]
fn the_schema_is_written_from_the_fields() {
    let mut spec = Spec::default();
    let fields = FIELDS.iter().zip(spec.fields().map(|field| field.expected()));
    let properties = fields.map(|(field, expected)| ((*field).to_owned(), property(field, expected)));
    let schema = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "CORS policy of tower-cors",
        "description": first_paragraph(include_str!("../../policy/mod.rs"), "pub struct CorsPolicy("),
        "type": "object",
        "properties": Value::Object(properties.collect()),
        "additionalProperties": false,
    });
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/docs/cors.schema.json");
    if std::env::var_os("UPDATE").is_some() {
        let text = serde_json::to_string_pretty(&schema).expect("JSON") + "\n";
        fs::write(path, text).expect("the checkout can be written");
        return;
    }
    let kept: Value = serde_json::from_str(CorsPolicy::JSON_SCHEMA).expect("JSON");
    assert_eq!(kept, schema, "renew it: UPDATE=1 cargo test --all-features --lib schema");
}

fn property(field: &str, expected: Expected) -> Value {
    let mut schema = shape(field, expected);
    schema["description"] = format!("{} Use {expected}.", documented(field)).into();
    schema
}

/// It accepts nothing that cannot be read, and everything that can be built.
fn shape(field: &str, expected: Expected) -> Value {
    let text =
        |pattern: &str| json!({ "type": "string", "pattern": format!("^[{SPACE}]*{pattern}[{SPACE}]*$") });
    match expected {
        Expected::List | Expected::Expressions => json!({ "anyOf": [
            { "type": "array", "items": element(field) },
            { "type": "string" },
        ] }),
        Expected::Switch => json!({ "anyOf": [{ "type": "boolean" }, text("(true|false)")] }),
        Expected::MaxAge => {
            let most = check::MAX_MAX_AGE.as_secs();
            let number = format!("[0-9][0-9{SPACE}]*(\\.[0-9{SPACE}]*[0-9][0-9{SPACE}]*)?");
            let duration = format!("(\\+?[0-9]+|({number}({UNITS})[{SPACE}]*)+)");
            json!({ "anyOf": [
                { "type": "integer", "minimum": 0, "maximum": most },
                text(&duration),
                { "type": "null" },
            ] })
        }
        Expected::Status => json!({ "anyOf": [
            { "type": "integer", "minimum": 200, "maximum": 299 },
            text("\\+?0*2[0-9][0-9]"),
            { "type": "null" },
        ] }),
        Expected::Policy | Expected::Name | Expected::Value | Expected::Text => {
            unreachable!("no field expects {expected}")
        }
    }
}

/// An element of a list, with the values that an editor may offer.
fn element(field: &str) -> Value {
    let offered: Vec<&str> = match field {
        // Any other value is refused.
        "presets" => {
            return json!({ "enum": preset::ALL.iter().map(|preset| preset.name()).collect::<Vec<_>>() });
        }
        "allow_methods" => vec!["PUT", "PATCH", "DELETE", "*"],
        "allow_headers" => vec!["authorization", "content-type", "x-requested-with", "*"],
        "expose_headers" => vec!["etag", "link", "location", "retry-after", "x-request-id", "*"],
        "allow_origins" => {
            vec!["https://app.example.com", "https://*.example.com", "http://localhost:*", "*"]
        }
        "allow_origin_regexes" => vec![r"https://pr-\d+\.example\.dev"],
        "served_at" => vec!["https://api.example.com", "http://localhost:*"],
        _ => return json!({ "type": "string" }),
    };
    json!({ "anyOf": [{ "enum": offered }, { "type": "string" }] })
}

/// The builder's method has the field's name, or its singular.
fn documented(field: &str) -> String {
    let builder = include_str!("../builder.rs");
    let singular = field.strip_suffix("es").unwrap_or(field);
    let methods =
        [field, field.trim_end_matches('s'), singular, if field == "presets" { "with" } else { field }];
    let heads = methods.iter().flat_map(|method| [format!("pub fn {method}("), format!("pub fn {method}<")]);
    let head = heads.into_iter().find(|head| builder.contains(head.as_str()));
    first_paragraph(builder, &head.expect("a method of the builder"))
}

/// The first paragraph of an item's documentation, as plain text.
fn first_paragraph(source: &str, item: &str) -> String {
    let (before, _) = source.split_once(item).expect("the item");
    let above = before.lines().rev().map(str::trim).skip_while(|line| !line.starts_with("///"));
    // A part may be included from a file.
    let documentation = above.take_while(|line| line.starts_with("///") || line.starts_with("#[doc"));
    let mut lines: Vec<_> =
        documentation.filter_map(|line| line.strip_prefix("///")).map(str::trim).collect();
    lines.reverse();
    let paragraph: Vec<_> = lines.into_iter().take_while(|line| !line.is_empty()).collect();
    without_links(&paragraph.join(" "))
}

/// `[text](target)` and `[text]` as `text`.
fn without_links(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, link)) = rest.split_once('[') {
        let (text, after) = link.split_once(']').expect("a link ends");
        plain.extend([before, text]);
        rest = after
            .strip_prefix('(')
            .and_then(|target| target.split_once(')'))
            .map_or(after, |(_, after)| after);
    }
    plain + rest
}
