//! The policy as Rust, to copy into a program: a function that builds the same policy.

#[cfg(test)]
mod sample;

use std::fmt::Write as _;

use toml_edit::{Array, DocumentMut, Value};
use tower_cors::CorsPolicyBuilder;

/// A wider array has a line for each element, as `rustfmt` writes it.
const ARRAY_WIDTH: usize = 60;

/// A whole file: what it uses, and the function.
pub(super) fn written(builder: &CorsPolicyBuilder) -> String {
    // In the order of the builder's methods. Only a predicate cannot be serialized, and text cannot contain one.
    let fields = toml_edit::ser::to_document(builder).unwrap_or_default();
    let calls: String = fields.iter().filter_map(|(field, item)| calls(field, item.as_value()?)).collect();
    format!(
        "{}pub fn policy() -> Result<CorsPolicy, PolicyError> {{\n    CorsPolicy::builder()\n{calls}        .build()\n}}\n",
        uses(&fields)
    )
}

fn uses(fields: &DocumentMut) -> String {
    let mut uses = String::new();
    if fields.contains_key("max_age") {
        uses.push_str("use std::time::Duration;\n\n");
    }
    if fields.contains_key("preflight_status") {
        uses.push_str("use http::StatusCode;\n");
    }
    let has_preset =
        fields.get("presets").and_then(|presets| presets.as_array()).is_some_and(|it| !it.is_empty());
    uses.push_str(if has_preset {
        "use tower_cors::{CorsPolicy, PolicyError, preset};\n\n"
    } else {
        "use tower_cors::{CorsPolicy, PolicyError};\n\n"
    });
    uses
}

/// The calls for one field; none for a field that is not set.
fn calls(field: &str, value: &Value) -> Option<String> {
    let argument = match value {
        Value::Array(names) if names.is_empty() => return None,
        Value::Array(names) if field == "presets" => return Some(names.iter().filter_map(preset).collect()),
        Value::Array(names) => list(names),
        Value::Boolean(switch) if *switch.value() => "true".to_owned(),
        Value::Integer(seconds) if field == "max_age" => format!("Duration::from_secs({})", seconds.value()),
        Value::Integer(status) => {
            format!("StatusCode::from_u16({}).expect(\"it is a status\")", status.value())
        }
        _ => return None,
    };
    Some(format!("        .{field}({argument})\n"))
}

/// `openai-js` is the constant `OPENAI_JS`.
fn preset(name: &Value) -> Option<String> {
    Some(format!("        .with(preset::{})\n", name.as_str()?.replace('-', "_").to_uppercase()))
}

/// `Debug` escapes a string as in a literal.
fn list(names: &Array) -> String {
    let names: Vec<_> = names.iter().filter_map(|name| Some(format!("{:?}", name.as_str()?))).collect();
    let line = format!("[{}]", names.join(", "));
    if line.len() <= ARRAY_WIDTH {
        return line;
    }
    let lines = names.iter().fold(String::new(), |mut lines, name| {
        let _ = writeln!(lines, "            {name},");
        lines
    });
    format!("[\n{lines}        ]")
}

#[cfg(test)]
mod tests {
    use tower_cors::preset;

    use super::*;

    fn read(toml: &str) -> CorsPolicyBuilder {
        toml_edit::de::from_str(toml).expect("it is a policy")
    }

    /// A policy with every field that text can have.
    const EVERYTHING: &str = r#"
        allow_origins = "https://app.example.com, https://*.preview.example.com, https://*.github.io, http://a.example"
        allow_credentials = true
        allow_methods = ["PUT", "it's"]
        allow_headers = ["x-tenant"]
        expose_headers = ["x-request-id"]
        max_age = "10m"
        preflight_status = 200
        vary_by = ["x-tenant"]
        reject_disallowed_origins = true
        served_at = ["https://api.example.com"]
        presets = ["openai-js", "mcp"]
        dangerously_allow_insecure_origins = true
        dangerously_allow_public_suffixes = true
        dangerously_allow_null_origin = true
    "#;

    #[test]
    fn what_is_copied_compiles_and_makes_the_same_policy() {
        let builder = read(EVERYTHING);
        assert_eq!(written(&builder), include_str!("rust/sample.rs"));
        assert_eq!(sample::policy().expect("it builds"), builder.build().expect("it builds"));
    }

    #[test]
    fn it_uses_no_more_than_it_needs() {
        let expected = "use tower_cors::{CorsPolicy, PolicyError};\n\npub fn policy() -> Result<CorsPolicy, PolicyError> {\n    \
                        CorsPolicy::builder()\n        .allow_origins([\"*\"])\n        .build()\n}\n";
        assert_eq!(
            written(&read("allow_origins = '*'\nallow_credentials = false\nallow_methods = []")),
            expected
        );
    }

    #[test]
    fn no_text_ends_its_literal() {
        let names = Array::from_iter(["\"]).build() //", "\\", "\n\u{202e}\0"]);
        assert_eq!(list(&names), r#"["\"]).build() //", "\\", "\n\u{202e}\0"]"#);
    }

    #[test]
    fn each_preset_is_named_as_its_constant() {
        let constants = [
            (preset::ANTHROPIC_JS, "ANTHROPIC_JS"),
            (preset::CONNECT, "CONNECT"),
            (preset::GRAPHQL, "GRAPHQL"),
            (preset::GRPC_WEB, "GRPC_WEB"),
            (preset::MCP, "MCP"),
            (preset::OPENAI_JS, "OPENAI_JS"),
            (preset::SSE, "SSE"),
            (preset::TRACING, "TRACING"),
            (preset::TUS, "TUS"),
        ];
        assert_eq!(constants.len(), preset::ALL.len());
        for (constant, name) in constants {
            let call = super::preset(&Value::from(constant.name()));
            assert_eq!(call, Some(format!("        .with(preset::{name})\n")));
        }
    }
}
