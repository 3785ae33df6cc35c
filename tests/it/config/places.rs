//! The findings of `PolicyCheck` about a policy's text, and their places.

use proptest::prelude::*;
use serde_json::{Value, json};
use tower_cors::{CorsPolicy, Place, PolicyCheck};

use crate::support::assert_rows;

fn check(text: &str) -> PolicyCheck {
    serde_json::from_str(text).expect("a table")
}

/// Kinds and places.
fn found(text: &str) -> Vec<(&'static str, Place)> {
    check(text).findings().map(|finding| (finding.kind(), finding.place())).collect()
}

fn element(entry: usize, element: usize) -> Place {
    Place::Element { entry, element }
}

#[test]
fn each_finding_has_its_place() {
    let duplicate = |entry, nth| ("duplicate", element(entry, nth));
    let slash = |nth| ("origin-trailing-slash", element(0, nth));
    let not_text = |nth| ("wrong-type", element(0, nth));
    let cases = [
        ("{}", vec![("no-origin", Place::Policy)]),
        (r#"{ "allow_origins": [] }"#, vec![("no-origin", Place::Value { entry: 0 })]),
        (r#"{ "allow_origins": "" }"#, vec![("no-origin", Place::Value { entry: 0 })]),
        (
            r#"{ "allow_origins": "a,,b" }"#,
            vec![
                ("origin-no-scheme", element(0, 0)),
                ("origin-empty", element(0, 1)),
                ("origin-no-scheme", element(0, 2)),
            ],
        ),
        (r#"{ "allow_origins": ["https://a/", "https://b", "https://a/"] }"#, vec![slash(0), slash(2)]),
        // An element that could not be read still counts.
        (
            r#"{ "allow_origins": [1, "https://a/", [], "https://b", 2, "https://a/"] }"#,
            vec![not_text(0), not_text(2), not_text(4), slash(1), slash(5)],
        ),
        // Of equal texts, the later ones repeat the first; or all repeat another spelling.
        (
            r#"{ "allow_origins": "*", "allow_methods": "PUT,PUT,PUT" }"#,
            vec![duplicate(1, 1), duplicate(1, 2)],
        ),
        (
            r#"{ "allow_origins": "*", "vary_by": ["x-a", "X-A", "x-a", "X-A"] }"#,
            vec![duplicate(1, 1), duplicate(1, 2), duplicate(1, 3)],
        ),
        (r#"{ "allow_origins": ["*", "https://a", "https://a"] }"#, vec![("covered", element(0, 1))]),
        // A string of this field has no parts.
        (
            r#"{ "allow_origin_regexes": "https://[a-z]{1,3}(", "max_age": 3 }"#,
            vec![("regex-syntax", Place::Value { entry: 0 })],
        ),
        (
            r#"{ "max_age": 3, "allow_origin_regexes": ["https://[a-z]{1,3}", "("] }"#,
            vec![("regex-syntax", element(1, 1))],
        ),
        (
            r#"{ "allow_origins": "*", "max_age": 1, "allow_credentials": true, "max_age": 2 }"#,
            vec![
                ("any-origin-with-credentials", Place::Value { entry: 2 }),
                ("repeated-field", Place::Name { entry: 3 }),
            ],
        ),
        // The value of a misspelt field is read, unless the field is given too.
        (r#"{ "origins": ["https://a/"] }"#, vec![("unknown-field", Place::Name { entry: 0 }), slash(0)]),
        (
            r#"{ "origins": ["https://a/"], "allow_origins": [4, "https://a/"] }"#,
            vec![
                ("unknown-field", Place::Name { entry: 0 }),
                ("wrong-type", element(1, 0)),
                ("origin-trailing-slash", element(1, 1)),
            ],
        ),
        (
            r#"{ "origins": ["https://a/"], "allow_origins": 4 }"#,
            vec![
                ("unknown-field", Place::Name { entry: 0 }),
                ("wrong-type", Place::Value { entry: 1 }),
                slash(0),
            ],
        ),
        (
            r#"{ "allow_origins": "*", "max_age": "ten", "presets": ["mcp", "mpc"] }"#,
            vec![("wrong-type", Place::Value { entry: 1 }), ("unknown-preset", element(2, 1))],
        ),
    ];
    assert_rows(cases.map(|(text, expected)| (text, found(text), expected)));
}

#[test]
fn warnings_are_told_beside_what_is_wrong_where_they_stay_true() {
    let cases = [
        (
            "one entry is doubtful, another one wrong",
            r#"{ "allow_origins": ["http://local_host", "https://a/"], "allow_methods": ["UPDATE"] }"#,
            vec!["origin-trailing-slash", "host-typo", "update-method"],
        ),
        (
            "a refused entry is doubtful too",
            r#"{ "allow_origins": ["http://frontend"], "allow_credentials": true }"#,
            vec!["origin-insecure-single-label"],
        ),
        (
            "what is refused may need the switch",
            r#"{ "allow_origins": ["http://a.example/"], "dangerously_allow_insecure_origins": true }"#,
            vec!["origin-trailing-slash"],
        ),
        (
            "nothing needs the switch",
            r#"{ "allow_origins": ["http://a.example"], "dangerously_allow_insecure_origins": true }"#,
            vec!["switch-without-effect"],
        ),
        (
            "who knows whether others are rejected",
            r#"{ "allow_origins": "https://a", "served_at": "https://b", "reject_disallowed_origins": "yes" }"#,
            vec!["wrong-type"],
        ),
    ];
    assert_rows(cases.map(|(name, text, expected)| {
        (name, found(text).into_iter().map(|(kind, _)| kind).collect::<Vec<_>>(), expected)
    }));
}

#[test]
fn a_policy_without_mistakes_has_its_own_warnings() {
    let text = r#"{ "allow_origins": ["htps://a.example"], "vary_by": ["X-A", "x-a"] }"#;
    let check = check(text);
    let policy = check.policy().expect("nothing is wrong");
    assert!(check.findings().all(|finding| !finding.is_error()));
    assert!(
        check.findings().map(ToString::to_string).eq(policy.warnings().map(|warning| warning.to_string()))
    );
}

#[test]
fn a_finding_is_shown_escaped() {
    let text = json!({ "allow_origins": ["a\u{1b}[2J"] }).to_string();
    let shown = format!("{:?}", check(&text));
    assert!(!shown.contains('\u{1b}') && shown.contains("\\u{1b}[2J"), "{shown}");
}

fn field() -> impl Strategy<Value = (&'static str, Value)> {
    let names = [
        "allow_origins",
        "allow_methods",
        "allow_headers",
        "vary_by",
        "allow_credentials",
        "max_age",
        "origins",
        "a",
    ];
    let values = vec![
        json!("*"),
        json!("https://a.example"),
        json!(["https://a.example/", "https://a.example/"]),
        json!(["PUT", "PUT", "patch", 3]),
        json!("x-a,X-A,x-a"),
        json!(true),
        json!(86_401),
        json!(null),
        json!({}),
    ];
    (proptest::sample::select(names.to_vec()), proptest::sample::select(values))
}

proptest! {
    #[test]
    fn a_check_agrees_with_the_policy_that_is_read(fields in proptest::collection::vec(field(), 0..6)) {
        let text: Vec<_> = fields.iter().map(|(name, value)| format!("{}: {value}", json!(name))).collect();
        let text = format!("{{ {} }}", text.join(", "));
        let check = check(&text);
        let errors: Vec<_> = check.findings().filter(|finding| finding.is_error()).map(ToString::to_string).collect();
        match serde_json::from_str::<CorsPolicy>(&text) {
            Ok(policy) => {
                prop_assert_eq!(check.policy(), Some(&policy));
                prop_assert!(errors.is_empty());
            }
            Err(message) => {
                prop_assert!(check.policy().is_none());
                let message = message.to_string();
                prop_assert!(!errors.is_empty());
                for error in &errors {
                    prop_assert!(message.contains(error.as_str()), "{} in {}", error, message);
                }
                let printed = message.lines().filter(|line| line.get(2..4) == Some(". ")).count();
                prop_assert_eq!(errors.len().min(20), printed.max(1));
            }
        }
        for finding in check.findings() {
            let entry = match finding.place() {
                Place::Policy => continue,
                Place::Name { entry } | Place::Value { entry } | Place::Element { entry, .. } => entry,
                _ => unreachable!("all places"),
            };
            let (name, value) = &fields[entry];
            prop_assert!(finding.field().is_none_or(|field| field == *name || *name == "origins"));
            if let (Place::Element { element, .. }, Some(text)) = (finding.place(), finding.value()) {
                let part = match value {
                    Value::Array(values) => values[element].as_str(),
                    Value::String(text) => text.split(',').nth(element).map(str::trim),
                    _ => None,
                };
                prop_assert_eq!(part, Some(text));
            }
        }
    }
}
