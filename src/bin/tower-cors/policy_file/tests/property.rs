//! Random texts, and random policies in each format.

use std::collections::HashSet;

use proptest::prelude::*;
use serde_json::json;
use tower_cors::CorsPolicyBuilder;

use super::{FORMATS, read};
use crate::policy_file::{Format, Options, Reading, Report, Told};

/// Pieces of all formats, so that random texts get somewhere.
fn hostile_text() -> impl Strategy<Value = String> {
    let pieces = proptest::sample::select(vec![
        "allow_origins",
        "cors",
        "CORS_ALLOW_ORIGINS",
        "CORS_",
        "max_age",
        "=",
        ": ",
        ":",
        ",",
        "\"",
        "'",
        "[",
        "]",
        "{",
        "}",
        "[[",
        "]]",
        "\n",
        "\r\n",
        "\r",
        "\t",
        " ",
        "  ",
        "- ",
        "? ",
        "# ",
        "https://a.example",
        "https://A.example/",
        "*",
        "&a ",
        "*a",
        "!!int ",
        "!x ",
        "<<",
        "---\n",
        "...",
        "%",
        "$A",
        "\\",
        "\\u0041",
        "\\ud800",
        "1e999",
        "-1",
        "true",
        "null",
        "~",
        ">\n ",
        "|\n  ",
        "export ",
        "\u{feff}",
        "日本",
        "\u{202e}",
        "\u{1b}[31m",
        "\u{9b}31m",
        "\0",
        "é",
        "\u{2028}",
        "::error::",
        "\"\"\"",
        "'''",
        "1979-05-27",
        ".",
    ]);
    prop_oneof![proptest::collection::vec(pieces, 0..40).prop_map(|pieces| pieces.concat()), any::<String>(),]
}

/// A value that is right, wrong, or doubtful in some list.
fn entry() -> impl Strategy<Value = String> {
    let known = vec![
        "*",
        "https://a.example",
        "https://a.example/",
        "https://A.example",
        "http://b.example",
        "https://*.example.com",
        "https://app.example.com",
        "https://*.com",
        "null",
        "http://local_host",
        "htps://a.example",
        "https://bücher.example",
        "GET",
        "patch",
        "PUT",
        "UPDATE",
        "x-a",
        "X-A",
        "content-type",
        "contenttype",
        "set-cookie",
        "mcp",
        "mpc",
        "a b",
        "it's",
        "a\"b",
        "a\\b",
        "a$b",
        "a#b",
        "a: b",
        "\u{1b}[31m",
        "\u{202e}",
        "日本",
        "3",
        "true",
        "",
    ];
    proptest::sample::select(known).prop_map(str::to_owned)
}

/// The fields of a policy, right or wrong, each once. A list that is nothing but an empty value cannot be told from no list, in a string.
fn fields() -> impl Strategy<Value = Vec<(&'static str, serde_json::Value)>> {
    let names = vec![
        "allow_origins",
        "allow_methods",
        "allow_headers",
        "expose_headers",
        "vary_by",
        "served_at",
        "presets",
        "allow_origin",
        "allowed_methods",
        "port",
    ];
    let list = proptest::collection::vec(entry(), 0..5)
        .prop_filter("a string", |list| list.is_empty() || list.iter().any(|text| !text.is_empty()))
        .prop_map(|list| json!(list));
    let lists = proptest::collection::hash_map(proptest::sample::select(names), list, 0..6);
    let switch =
        || proptest::option::of(prop_oneof![Just(json!(true)), Just(json!(false)), Just(json!("yes"))]);
    let number = || {
        proptest::option::of(prop_oneof![
            Just(json!(0)),
            Just(json!(204)),
            Just(json!(100_000)),
            Just(json!("ten"))
        ])
    };
    (lists, switch(), switch(), switch(), number(), number()).prop_map(
        |(lists, credentials, reject, null, age, status)| {
            let others = [
                ("allow_credentials", credentials),
                ("reject_disallowed_origins", reject),
                ("dangerously_allow_null_origin", null),
                ("max_age", age),
                ("preflight_status", status),
            ];
            let others = others.into_iter().filter_map(|(name, value)| Some((name, value?)));
            let mut fields: Vec<_> = lists.into_iter().chain(others).collect();
            fields.sort_by_key(|(name, _)| *name);
            fields
        },
    )
}

/// `is_block` is how YAML writes its lists: an element a line, without quotes where they are not needed.
fn written(format: Format, is_block: bool, fields: &[(&'static str, serde_json::Value)]) -> String {
    let line = |(name, value): &(&str, serde_json::Value)| match (format, value) {
        // A string of JSON is one of both, but for a character that TOML wants escaped.
        (Format::Toml, value) => format!("{name} = {value}\n").replace('\u{7f}', "\\u007f"),
        (Format::Json, value) => format!("{}: {value}", json!(name)),
        (Format::Yaml, serde_json::Value::Array(values)) if is_block && !values.is_empty() => {
            let needs_no_quotes = |text: &str| text.starts_with("http") || text.starts_with("日");
            let values = values.iter().map(|value| match value.as_str() {
                Some(text) if needs_no_quotes(text) => format!("  - {text} # é\r\n"),
                _ => format!("  - {value}\n"),
            });
            format!("{name}:\n{}", values.collect::<String>())
        }
        (Format::Yaml, value) => format!("{name}: {value}\n"),
        (Format::Env, value) => {
            let value = match value {
                serde_json::Value::Array(values) => {
                    values.iter().filter_map(serde_json::Value::as_str).collect::<Vec<_>>().join(",")
                }
                serde_json::Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            let value = value.replace('\\', "\\\\").replace('"', "\\\"").replace('$', "\\$");
            format!("# ü\n\nOTHER='two\nlines'\r\nCORS_{name} = \"{value}\"  # ö\n")
        }
    };
    let lines: Vec<_> = fields.iter().map(line).collect();
    match format {
        Format::Json => format!("{{ {} }}", lines.join(",\n")),
        _ => format!("# 日本\n{}", lines.concat()),
    }
}

/// What is told, whatever the format.
fn essence(reading: &Reading) -> Vec<String> {
    let suggestion = |told: &Told| match (&told.suggestion, told.field) {
        (Some(name), None) => Some(name.trim_start_matches(Options::PREFIX).to_ascii_lowercase()),
        (suggestion, _) => suggestion.clone(),
    };
    // In variables, a number is a string too.
    let value = |told: &Told| told.value.clone().filter(|_| told.kind != "wrong-type");
    let essence =
        |told: &Told| format!("{} {} {:?} {:?}", told.is_error, told.kind, value(told), suggestion(told));
    let mut told: Vec<_> = reading.told.iter().map(essence).collect();
    told.sort();
    told
}

/// Whether every format writes it as it is.
fn is_plain(value: &str) -> bool {
    value.chars().all(|char| !char.is_control() && !matches!(char, '"' | '\\' | '$'))
}

proptest! {
    #[test]
    fn no_text_ends_the_program(text in hostile_text()) {
        for format in FORMATS {
            let reading = read(format, &text);
            prop_assert_eq!(reading.errors == 0, !reading.policies.is_empty());
            for told in &reading.told {
                prop_assert!(text.get(told.range.clone()).is_some(), "{:?} in {:?}", told.range, text);
            }
            let report = Report(&reading).to_string();
            let report = anstream::adapter::strip_str(&report).to_string();
            for char in report.chars().filter(|char| !matches!(char, '\n' | '\'' | '"' | '\\')) {
                prop_assert_eq!(char.escape_debug().len(), 1, "{:?} in {}", char, report);
            }
        }
    }

    #[test]
    fn every_format_finds_the_same_where_it_stands(fields in fields()) {
        let json = read(Format::Json, &written(Format::Json, false, &fields));
        for (format, is_block) in FORMATS.map(|format| (format, false)).into_iter().chain([(Format::Yaml, true)]) {
            let text = written(format, is_block, &fields);
            let reading = read(format, &text);
            prop_assert!(reading.is_readable, "{}\n{}", text, Report(&reading));
            prop_assert_eq!(essence(&reading), essence(&json), "{}", text);
            prop_assert_eq!(&reading.policies, &json.policies);
            let mut places = HashSet::new();
            for told in &reading.told {
                let Some(value) = told.value.as_deref().filter(|value| is_plain(value)) else { continue };
                let place = text[told.range.clone()].to_ascii_lowercase();
                let value = value.to_ascii_lowercase();
                // In a string with escapes, nobody can tell where a value is. A variable's name has a prefix.
                let is_exact = format != Format::Env || (told.field.is_some() && !text.contains('\\'));
                if is_exact {
                    prop_assert_eq!(place.trim_matches('"'), &value, "{}", text);
                    // Of equal values each is told where it stands.
                    prop_assert!(places.insert((told.range.clone(), told.kind)), "{} twice in {}", value, text);
                }
                prop_assert!(place.contains(&value), "{} in {}", value, place);
            }
        }
    }

    #[test]
    fn the_builder_agrees(fields in fields()) {
        let text = written(Format::Json, false, &fields);
        let policy = serde_json::from_str::<CorsPolicyBuilder>(&text).ok().and_then(|builder| builder.build().ok());
        prop_assert_eq!(read(Format::Json, &text).policies, policy.into_iter().collect::<Vec<_>>());
    }
}
