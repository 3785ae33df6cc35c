//! Mistakes in a policy's text: one message with all of them, word for word.

use serde::Deserialize;
use serde::de::value::{Error as ValueError, MapDeserializer};
use serde_json::{Value, json};
use tower_cors::{CorsPolicy, CorsPolicyBuilder};

use super::Settings;
use crate::support::assert_rows;

/// The lines of the message, without the first one and the numbers.
fn wrong<T: for<'de> Deserialize<'de>>(value: &Value) -> Vec<String> {
    // An error of the value itself has no line and column after it.
    T::deserialize(value).err().map_or_else(Vec::new, |error| lines(&error.to_string()))
}

fn lines(message: &str) -> Vec<String> {
    if let Some(only) = message.strip_prefix("the CORS policy has an issue: ") {
        return vec![only.to_owned()];
    }
    message
        .lines()
        .skip(1)
        .map(|line| line.split_at_checked(4).map_or(line, |(_, issue)| issue).to_owned())
        .collect()
}

/// A policy with one field besides an origin, so nothing else is wrong.
fn with(field: &str, value: &Value) -> Value {
    let mut policy = json!({ "allow_origins": "https://app.example.com" });
    policy[field] = value.clone();
    policy
}

#[test]
fn a_wrong_name_hides_nothing() {
    let names = ["allow_origin", "allowed_origins", "allowOrigins", "allow-origins"];
    assert_rows(names.map(|name| {
        let policy = json!({
            name: ["https://a.example/"],
            "allow_credentials": "yes",
            "allow_methods": ["patch", 3],
            "max_age": "ten",
            "preflight_status": 302,
            "port": 80,
        });
        let mut unknown = [
            format!("unknown field `{name}`; did you mean `allow_origins`?"),
            format!("unknown field `port`. The fields are {FIELDS}"),
        ];
        // A map that sorts its keys.
        if "port" < name {
            unknown.reverse();
        }
        let others = [
            "allow_origins: `https://a.example/` ends with a slash, but an origin ends with its host or port; did you mean `https://a.example`?",
            "allow_credentials: `yes` is not valid. Use `true` or `false`",
            "allow_methods: `3` is not valid. Use strings in this list",
            "allow_methods: `patch` is in the wrong case: methods are case-sensitive; did you mean `PATCH`?",
            "max_age: `ten` is not valid. Use a number of seconds, or a duration such as \"10m\"",
            "preflight_status: 302 is not a success status, so every preflight would fail. Use 200 to 299",
        ];
        let expected: Vec<_> = unknown.into_iter().chain(others.map(str::to_owned)).collect();
        (name, wrong::<CorsPolicy>(&policy), expected)
    }));
}

const FIELDS: &str = "`allow_origins`, `allow_origin_regexes`, `allow_credentials`, `allow_methods`, `allow_headers`, `expose_headers`, `max_age`, `preflight_status`, `vary_by`, `reject_disallowed_origins`, `served_at`, `presets`, `dangerously_allow_insecure_origins`, `dangerously_allow_public_suffixes`, `dangerously_allow_null_origin`";

#[test]
fn a_builder_tells_what_cannot_be_read_and_no_more() {
    let policy = json!({ "max_age": "ten", "allow_credentials": 1, "allow_orgins": "https://a.example/" });
    assert_eq!(
        wrong::<CorsPolicyBuilder>(&policy),
        [
            "unknown field `allow_orgins`; did you mean `allow_origins`?",
            "allow_credentials: `1` is not valid. Use `true` or `false`",
            "max_age: `ten` is not valid. Use a number of seconds, or a duration such as \"10m\"",
        ]
    );
}

#[test]
fn a_value_of_a_wrong_type_is_told() {
    let list = "Use a list of strings, or one string with commas between its values";
    let switch = "Use `true` or `false`";
    let max_age = "Use a number of seconds, or a duration such as \"10m\"";
    let status = "Use the number of a status, such as 204";
    let cases = [
        ("allow_methods", json!({}), format!("a table is not valid. {list}")),
        (
            "allow_methods",
            json!({ "PUT": true, "PATCH": { "a": [1] } }),
            format!("a table is not valid. {list}"),
        ),
        ("allow_methods", json!(true), format!("`true` is not valid. {list}")),
        ("allow_methods", json!(3), format!("`3` is not valid. {list}")),
        ("allow_methods", json!(null), format!("`null` is not valid. {list}")),
        (
            "allow_methods",
            json!(["PUT", ["PATCH"]]),
            "a list is not valid. Use strings in this list".to_owned(),
        ),
        ("allow_methods", json!(["PUT", null]), "`null` is not valid. Use strings in this list".to_owned()),
        ("allow_credentials", json!(3), format!("`3` is not valid. {switch}")),
        ("allow_credentials", json!("yes"), format!("`yes` is not valid. {switch}")),
        ("allow_credentials", json!("True"), format!("`True` is not valid. {switch}")),
        ("allow_credentials", json!(""), format!("`` is not valid. {switch}")),
        ("allow_credentials", json!(null), format!("`null` is not valid. {switch}")),
        ("allow_credentials", json!([true]), format!("a list is not valid. {switch}")),
        ("reject_disallowed_origins", json!(1), format!("`1` is not valid. {switch}")),
        ("dangerously_allow_null_origin", json!("on"), format!("`on` is not valid. {switch}")),
        ("max_age", json!(-1), format!("`-1` is not valid. {max_age}")),
        ("max_age", json!(1.5), format!("`1.5` is not valid. {max_age}")),
        ("max_age", json!("ten"), format!("`ten` is not valid. {max_age}")),
        ("max_age", json!("10 parsecs"), format!("`10 parsecs` is not valid. {max_age}")),
        ("max_age", json!(""), format!("`` is not valid. {max_age}")),
        ("max_age", json!(true), format!("`true` is not valid. {max_age}")),
        ("max_age", json!([600]), format!("a list is not valid. {max_age}")),
        ("preflight_status", json!("OK"), format!("`OK` is not valid. {status}")),
        ("preflight_status", json!(65_536), format!("`65536` is not valid. {status}")),
        ("preflight_status", json!(-1), format!("`-1` is not valid. {status}")),
        ("preflight_status", json!(200.0), format!("`200.0` is not valid. {status}")),
        ("preflight_status", json!({}), format!("a table is not valid. {status}")),
    ];
    assert_rows(cases.map(|(field, value, expected)| {
        (
            format!("{field} = {value}"),
            wrong::<CorsPolicy>(&with(field, &value)),
            [format!("{field}: {expected}")],
        )
    }));
}

#[test]
fn a_field_that_cannot_be_read_is_not_called_empty() {
    let expected = [
        "allow_origins: `3` is not valid. Use a list of strings, or one string with commas between its values",
    ];
    assert_eq!(wrong::<CorsPolicy>(&json!({ "allow_origins": 3 })), expected);
    assert_eq!(
        wrong::<CorsPolicy>(&json!({ "allow_origins": [3] })),
        ["allow_origins: `3` is not valid. Use strings in this list"]
    );
}

#[test]
fn a_string_is_read_as_what_it_stands_for() {
    let typed = json!({
        "allow_origins": ["https://a.example", "https://b.example"],
        "allow_credentials": true,
        "max_age": 600,
        "preflight_status": 200,
        "reject_disallowed_origins": false,
    });
    let strings = [
        ("allow_origins", "https://a.example,https://b.example"),
        ("allow_credentials", "true"),
        ("max_age", "600"),
        ("preflight_status", " 200 "),
        ("reject_disallowed_origins", "false"),
    ];
    // Like `envy`, which has only strings.
    let variables = MapDeserializer::<_, ValueError>::new(strings.into_iter());
    let read = CorsPolicyBuilder::deserialize(variables).expect("strings");
    assert_eq!(read, serde_json::from_value(typed).expect("typed"));
}

#[test]
fn a_number_of_serde_json_is_read_whatever_its_features() {
    let as_number = |digits: &str| json!({ "$serde_json::private::Number": digits });
    assert_rows([
        ("a number", wrong::<CorsPolicy>(&with("max_age", &as_number("600"))), vec![""; 0]),
        (
            "not a list",
            wrong::<CorsPolicy>(&with("allow_methods", &as_number("3"))),
            vec![
                "allow_methods: `3` is not valid. Use a list of strings, or one string with commas between its values",
            ],
        ),
        (
            "a fraction",
            wrong::<CorsPolicy>(&with("max_age", &as_number("1.5"))),
            vec!["max_age: `1.5` is not valid. Use a number of seconds, or a duration such as \"10m\""],
        ),
    ]);
}

#[test]
fn a_field_is_given_once() {
    let error = serde_json::from_str::<CorsPolicy>(
        r#"{ "allow_origins": "https://a.example", "allow_methods": "patch", "allow_origins": 3, "max_age": -1 }"#,
    )
    .expect_err("twice");
    assert_eq!(
        lines(&error.to_string()),
        [
            "allow_origins: is given more than once. Keep one",
            "allow_methods: `patch` is in the wrong case: methods are case-sensitive; did you mean `PATCH`?",
            "max_age: `-1` is not valid. Use a number of seconds, or a duration such as \"10m\"",
        ]
    );
}

#[test]
fn names_and_values_are_escaped_and_cut() {
    let forged = format!("a\n2026-01-01 INFO all is well\u{1b}[2J{}", "x".repeat(10_000));
    let shown = format!("`a\\n2026-01-01 INFO all is well\\u{{1b}}[2J{}`...", "x".repeat(47));
    let policy = json!({ "allow_origins": "*", &forged: 1, "max_age": &forged, "allow_methods": [&forged] });
    let wrong = wrong::<CorsPolicy>(&policy);
    let starts = [
        format!("unknown field {shown}. The fields"),
        format!("allow_methods: {shown} is not a valid method"),
        format!("max_age: {shown} is not valid."),
    ];
    assert_rows(wrong.iter().zip(starts).map(|(line, start)| (line, line.starts_with(&start), true)));
}

#[test]
fn a_policy_is_a_table() {
    let told =
        |policy: Value| serde_json::from_value::<CorsPolicy>(policy).map_err(|error| error.to_string());
    let expected = "a table with the fields of a CORS policy, such as `allow_origins`";
    assert_rows([
        (
            "a string",
            told(json!("https://a.example")),
            Err(format!("invalid type: string \"https://a.example\", expected {expected}")),
        ),
        ("a switch", told(json!(true)), Err(format!("invalid type: boolean `true`, expected {expected}"))),
        ("nothing", told(json!(null)), Err(format!("invalid type: null, expected {expected}"))),
    ]);
}

#[test]
fn of_many_mistakes_twenty_are_printed() {
    let policy = |count| {
        let unknown = (0..count).map(|name| (format!("{name:06}"), json!(0)));
        Value::Object(unknown.chain([("allow_origins".to_owned(), json!("*"))]).collect())
    };
    assert_eq!(wrong::<CorsPolicy>(&policy(20)).len(), 20);
    assert_eq!(wrong::<CorsPolicy>(&policy(21))[20], "and 1 more");
    assert_eq!(wrong::<CorsPolicyBuilder>(&policy(21))[20], "and 1 more");
    let error =
        serde_json::from_value::<CorsPolicy>(policy(100_000)).expect_err("unknown fields").to_string();
    assert!(
        error.starts_with("the CORS policy has 100000 issues:") && error.len() < 10_000,
        "{}",
        error.len()
    );
}

#[test]
fn toml_shows_the_line_of_the_policy() {
    let error = toml::from_str::<Settings>("port = 80\n[cors]\nallow_origins = '*'\nmax_age = 'ten'\n")
        .expect_err("no duration");
    let message = error.to_string();
    assert!(message.starts_with("TOML parse error at line 2, column 1"), "{message}");
    assert!(message.contains("max_age: `ten` is not valid."), "{message}");
}

/// serde passes a flattened type only the fields that it knows. A wrong name is then found by the outer type, if it denies
/// unknown fields.
#[test]
fn of_a_flattened_policy_an_unknown_field_is_found_by_the_type_around_it() {
    #[derive(Debug, Deserialize)]
    struct Lax {
        port: u16,
        #[serde(flatten)]
        cors: CorsPolicy,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Strict {
        port: u16,
        #[serde(flatten)]
        cors: CorsPolicy,
    }

    let right = json!({ "port": 80, "allow_origins": "https://a.example", "max_age": "600" });
    let mut wrong_name = right.clone();
    wrong_name["reject_disallowed_orgins"] = json!(true);
    let mut wrong_value = right.clone();
    wrong_value["max_age"] = json!("ten");

    let strict = Strict::deserialize(&right).expect("every name is right");
    let lax = Lax::deserialize(&wrong_name).expect("nobody looks at the name");
    assert_eq!((strict.port, &strict.cors), (lax.port, &lax.cors));

    let told = |error: serde_json::Error| error.to_string();
    assert_eq!(
        Strict::deserialize(&wrong_name).map(|_| ()).map_err(told),
        Err("unknown field `reject_disallowed_orgins`".to_owned())
    );
    let expected = "the CORS policy has an issue: max_age: `ten` is not valid. Use a number of seconds, or a duration such as \"10m\"";
    assert_eq!(Lax::deserialize(&wrong_value).map(|_| ()).map_err(told), Err(expected.to_owned()));
    assert_eq!(Strict::deserialize(&wrong_value).map(|_| ()).map_err(told), Err(expected.to_owned()));
}
