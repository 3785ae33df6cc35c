//! Compares the JSON Schema of a policy with serde: it accepts everything that can be built, and nothing that cannot be
//! read.

use std::fs;

use boon::{Compiler, SchemaIndex, Schemas};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};
use tower_cors::{CorsPolicy, CorsPolicyBuilder, preset};

use crate::support::assert_rows;

/// The policy file of the documentation.
const EVERY_FIELD: &str = include_str!("../../../src/docs/cors.toml");

struct Schema {
    schemas: Schemas,
    index: SchemaIndex,
}

impl Schema {
    fn new() -> Self {
        const ADDRESS: &str = "https://schema.example/cors.schema.json";
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        let schema = serde_json::from_str(CorsPolicy::JSON_SCHEMA).expect("JSON");
        compiler.add_resource(ADDRESS, schema).expect("a new address");
        let index = compiler.compile(ADDRESS, &mut schemas).expect("a schema");
        Self { schemas, index }
    }

    fn accepts(&self, value: &Value) -> bool {
        self.schemas.validate(value, self.index).is_ok()
    }
}

fn fields() -> Vec<String> {
    let schema: Value = serde_json::from_str(CorsPolicy::JSON_SCHEMA).expect("JSON");
    schema["properties"].as_object().expect("fields").keys().cloned().collect()
}

#[test]
fn the_documented_file_has_every_field_and_nothing_to_be_said_about() {
    let policy: CorsPolicy = toml::from_str(EVERY_FIELD).expect("a policy");
    assert_eq!(policy.warnings().map(|warning| warning.to_string()).collect::<Vec<_>>(), [""; 0]);
    assert!(EVERY_FIELD.starts_with("#:schema ./cors.schema.json\n"));
    let value: Value = toml::from_str(EVERY_FIELD).expect("a table");
    let written: Vec<_> = value.as_object().expect("a table").keys().cloned().collect();
    let missing: Vec<_> = fields().into_iter().filter(|field| !written.contains(field)).collect();
    assert_eq!(missing, [""; 0], "show them in src/docs/cors.toml");
    assert!(Schema::new().accepts(&value));
}

#[test]
fn shapes_are_told_apart() {
    let schema = Schema::new();
    let cases = [
        (json!({}), true),
        (json!([]), false),
        (json!("allow_origins"), false),
        (json!({ "allow_origins": "https://a.example, https://b.example" }), true),
        (json!({ "allow_origins": ["https://a.example"] }), true),
        (json!({ "allow_origins": ["https://a.example", 1] }), false),
        (json!({ "allow_origins": null }), false),
        (json!({ "allow_origin": "https://a.example" }), false),
        (json!({ "$schema": "./cors.schema.json" }), false),
        (json!({ "cors": {} }), false),
        (json!({ "allow_credentials": true }), true),
        (json!({ "allow_credentials": " false " }), true),
        (json!({ "allow_credentials": "yes" }), false),
        (json!({ "allow_credentials": 1 }), false),
        (json!({ "allow_methods": ["PUT", "CUSTOM"] }), true),
        (json!({ "max_age": 600 }), true),
        (json!({ "max_age": 86_400 }), true),
        (json!({ "max_age": 86_401 }), false),
        (json!({ "max_age": -1 }), false),
        (json!({ "max_age": 1.5 }), false),
        (json!({ "max_age": null }), true),
        (json!({ "max_age": "600" }), true),
        (json!({ "max_age": "1h 30min" }), true),
        (json!({ "max_age": "1.5h" }), true),
        (json!({ "max_age": "10" }), true),
        (json!({ "max_age": "10 mn" }), false),
        (json!({ "max_age": "" }), false),
        (json!({ "preflight_status": 200 }), true),
        (json!({ "preflight_status": "204" }), true),
        (json!({ "preflight_status": 302 }), false),
        (json!({ "presets": ["mcp"] }), true),
        (json!({ "presets": "mcp, sse" }), true),
        (json!({ "presets": ["mpc"] }), false),
    ];
    assert_rows(cases.map(|(value, expected)| (value.to_string(), schema.accepts(&value), expected)));
}

#[test]
fn every_unit_of_time_is_known() {
    let schema = Schema::new();
    let units = [
        "nanos", "nsec", "ns", "usec", "us", "µs", "millis", "msec", "ms", "seconds", "second", "secs",
        "sec", "s", "minutes", "minute", "mins", "min", "m", "hours", "hour", "hrs", "hr", "h", "days",
        "day", "d", "weeks", "week", "wks", "wk", "w", "months", "month", "M", "years", "year", "yrs", "yr",
        "y", "mn", "hh", "S", "x", "",
    ];
    assert_rows(units.map(|unit| {
        let value = json!({ "max_age": format!("1 1{unit}0s") });
        let is_read = serde_json::from_value::<CorsPolicyBuilder>(value.clone()).is_ok();
        (unit, schema.accepts(&value), is_read)
    }));
}

#[test]
fn files_of_policies_are_accepted() {
    let schema = Schema::new();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cli/saved/chromium");
    let mut seen = 0;
    for scenario in fs::read_dir(folder).expect("scenarios") {
        let Ok(text) = fs::read_to_string(scenario.expect("a scenario").path().join("policy.toml")) else {
            continue;
        };
        let value: Value = toml::from_str(&text).expect("TOML");
        // A list of policies, in some.
        if let Some(list) = value.get("cors") {
            assert!(
                list.as_array().is_none_or(|list| list.iter().all(|value| schema.accepts(value))),
                "{text}"
            );
        } else {
            assert!(schema.accepts(&value), "{text}");
        }
        seen += 1;
    }
    assert!(seen > 50, "{seen}");
}

fn value() -> impl Strategy<Value = Value> {
    let texts = || {
        prop_oneof![
            6 => select(&["https://a.example", "*", "PUT", "x-a", "204", "mcp", "", "true", "null"][..]).prop_map(str::to_owned),
            1 => "[ \u{85}\u{a0}\u{feff}\t]{0,2}(true|false|True)[ \u{3000}\u{200b}\n]{0,2}",
            1 => "[ \u{85}\u{feff}]{0,1}[+-]?0{0,2}(2[0-9]{2}|302|99999|1e3|600)[ \u{2003}]{0,1}",
            3 => "[ \u{a0}]{0,1}([0-9]{1,2}[ \u{2003}]{0,1}(\\.[ ]{0,1}5)?[ ]{0,1}(s|m|min|h|d|mn|x)?[ \n]{0,1}){1,3}",
        ]
    };
    let scalar = prop_oneof![
        1 => Just(Value::Null),
        2 => any::<bool>().prop_map(Value::from),
        3 => select(&[0_i64, -1, 1, 204, 200, 299, 300, 600, 86_400, 86_401, i64::MAX][..]).prop_map(Value::from),
        1 => select(&[0.5, -1.5, 600.25][..]).prop_map(Value::from),
        6 => texts().prop_map(Value::from),
    ];
    let element = prop_oneof![
        9 => texts().prop_map(Value::from),
        3 => select(preset::ALL).prop_map(|preset| Value::from(preset.name())),
        1 => scalar.clone(),
    ];
    prop_oneof![
        3 => scalar,
        3 => vec(element, 0..3).prop_map(Value::from),
        1 => Just(json!({})),
    ]
}

fn field() -> impl Strategy<Value = String> {
    let unknown = ["allow_origin", "$schema", "Max_Age", "cors", ""].map(str::to_owned);
    prop_oneof![12 => select(fields()), 1 => select(unknown.to_vec())]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn the_schema_lies_between_what_is_built_and_what_is_read(entries in vec((field(), value()), 0..3), has_origin in any::<bool>()) {
        thread_local!(static SCHEMA: Schema = Schema::new());
        let mut table: Map<_, _> = entries.into_iter().collect();
        if has_origin {
            table.insert("allow_origins".to_owned(), "https://a.example".into());
        }
        let value = Value::Object(table);
        let is_accepted = SCHEMA.with(|schema| schema.accepts(&value));
        let read = serde_json::from_value::<CorsPolicyBuilder>(value.clone());
        let is_built = serde_json::from_value::<CorsPolicy>(value.clone()).is_ok();
        prop_assert!(!is_built || is_accepted, "it is built: {}", value);
        prop_assert!(!is_accepted || read.is_ok(), "it is accepted: {}: {:?}", value, read);
    }
}
