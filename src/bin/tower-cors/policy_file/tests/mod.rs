//! Every format says the same, with places, and nothing in it ends the program.

mod property;

use serde_json::json;

use super::reading::MAX_TOLD;
use super::*;

const FORMATS: [Format; 4] = [Format::Toml, Format::Json, Format::Yaml, Format::Env];

fn read(format: Format, text: &str) -> Reading {
    Reading::of_text(Source::File("cors".to_owned()), text.to_owned(), format, Options::PREFIX)
}

/// What is told of a text: the kinds, and what stands at their places.
fn told(format: Format, text: &str) -> Vec<(&'static str, String)> {
    let reading = read(format, text);
    reading.told.iter().map(|told| (told.kind, text[told.range.clone()].to_owned())).collect()
}

fn assert_told(format: Format, text: &str, expected: &[(&'static str, &str)]) {
    let expected: Vec<_> = expected.iter().map(|(kind, place)| (*kind, (*place).to_owned())).collect();
    assert_eq!(told(format, text), expected, "{text}");
}

#[test]
fn every_format_says_the_same() {
    let toml = "allow_origins = ['https://a.example', \"https://b.example\"]\nallow_credentials = true\nmax_age = '10m'";
    let texts = [
        (Format::Toml, toml.to_owned()),
        (Format::Toml, format!("port = 80\n[cors]\n{toml}\n[log]\nlevel = 3\n")),
        (Format::Toml, format!("[[cors]]\n{toml}\n")),
        (Format::Toml, "cors = { allow_origins = 'https://a.example,https://b.example', allow_credentials = true, max_age = 600 }".into()),
        (Format::Toml, "cors.allow_origins = 'https://a.example,https://b.example'\ncors.allow_credentials = true\ncors.max_age = 600".into()),
        (Format::Json, r#"{ "allow_origins": ["https:\/\/a.example", "https://b.example"], "allow_credentials": true, "max_age": 600 }"#.into()),
        (Format::Json, r#"{ "port": 80, "cors": { "allow_origins": "https://a.example, https://b.example", "allow_credentials": true, "max_age": 600 } }"#.into()),
        (Format::Json, r#"[{ "allow_origins": "https://a.example, https://b.example", "allow_credentials": "true", "max_age": "600" }]"#.into()),
        (Format::Yaml, "allow_origins:\n  - https://a.example\n  - \"https://b.example\"\nallow_credentials: true\nmax_age: 600\n".into()),
        (Format::Yaml, "port: 80\ncors: &c\n  allow_origins: [https://a.example, 'https://b.example']\n  allow_credentials: True\n  max_age: 10m\n".into()),
        (Format::Yaml, "base: &c\n  allow_origins: [https://a.example, 'https://b.example']\n  allow_credentials: True\n  max_age: 10m\ncors: [*c]".into()),
        (Format::Env, "# policy\n\nexport CORS_ALLOW_ORIGINS=https://a.example,https://b.example # two\nPORT=80\nCORS_ALLOW_CREDENTIALS='true'\r\ncors_max_age = \"600\"".into()),
    ];
    let expected = read(Format::Toml, toml).policies;
    assert_eq!(expected.len(), 1);
    for (format, text) in texts {
        assert_eq!(read(format, &text).policies, expected, "{text}");
    }
}

#[test]
fn a_place_is_the_element_that_is_wrong() {
    let wrong =
        [("origin-trailing-slash", "\"https://a.example/\""), ("wrong-type", "3"), ("duplicate", "\"*\"")];
    assert_told(
        Format::Toml,
        "cors.allow_origins = [\"https://a.example/\", 3]\ncors.vary_by = 'a'",
        &wrong[..2],
    );
    assert_told(Format::Json, r#"{"allow_origins": ["https://a.example/", 3]}"#, &wrong[..2]);
    let yaml =
        "cors:\n- allow_origins:\n  - https://a.example/\n  - ok://a # one\n  - 3\n  - https://a.example/\n";
    let origin = ("origin-trailing-slash", "https://a.example/");
    assert_told(Format::Yaml, yaml, &[origin, ("wrong-type", "3"), origin]);
    let env =
        "A=1\n# b\nCORS_ALLOW_ORIGINS=\"https://a.example, https://b.example/,,null\"\nCORS_max_age='x'";
    let expected = [
        ("origin-trailing-slash", "https://b.example/"),
        ("origin-empty", ""),
        ("origin-null", "null"),
        ("wrong-type", "x"),
    ];
    assert_told(Format::Env, env, &expected);
    let places: Vec<_> = read(Format::Env, env).told.iter().map(|told| told.range.start).collect();
    assert_eq!(places, ["https://b", ",null", "null", "x'"].map(|text| env.find(text).unwrap_or_default()));
}

#[test]
fn an_escaped_string_is_pointed_at_as_a_whole() {
    assert_told(
        Format::Json,
        r#"{"allow_origins": "https:\/\/a.example\/,https://b.example"}"#,
        &[("origin-trailing-slash", r#""https:\/\/a.example\/,https://b.example""#)],
    );
}

#[test]
fn a_field_is_pointed_at_by_its_name_or_its_value() {
    let expected = [("unknown-field", "allow_orgins"), ("max-age-too-long", "86401")];
    assert_told(Format::Toml, "allow_orgins = '*'\nmax_age = 86401", &expected);
    assert_told(Format::Toml, "[cors]\nmax_age = 86401", &[("no-origin", "cors"), expected[1]]);
    assert_told(Format::Toml, "[[cors]]\nmax_age = 86401", &[("no-origin", "[[cors]]"), expected[1]]);
    assert_told(Format::Yaml, "allow_origins: '*'\nmax_age: !x 86401", &[("max-age-too-long", "!x 86401")]);
    assert_told(Format::Yaml, "allow_origins: '*'\nallow_methods:\n", &[("wrong-type", "allow_methods")]);
    assert_told(Format::Json, "{}", &[("no-origin", "")]);
    assert_told(Format::Env, "", &[("no-origin", "")]);
}

#[test]
fn a_field_that_is_given_twice_is_told_where_it_is_given_again() {
    let text = r#"{"allow_origins": "*", "max_age": 1, "max_age" : 1}"#;
    assert_told(Format::Json, text, &[("repeated-field", "\"max_age\"")]);
    assert_eq!(read(Format::Json, text).told[0].range.start, text.rfind("\"max_age\"").unwrap_or_default());
    assert_told(Format::Yaml, "allow_origins: '*'\nmax_age: 1\nmax_age: 1", &[("repeated-field", "max_age")]);
    assert_told(
        Format::Env,
        "CORS_ALLOW_ORIGINS=*\ncors_allow_origins=*",
        &[("repeated-field", "cors_allow_origins")],
    );
    assert_told(Format::Toml, "allow_origins = '*'\nmax_age = 1\nmax_age = 1", &[("syntax", "max_age")]);
    let repeated = r#"{"cors": {"allow_origins": "*"}, "cors": {"allow_origins": "*"}}"#;
    assert_told(Format::Json, repeated, &[("no-policy", "\"cors\"")]);
}

#[test]
fn something_else_in_the_place_of_a_policy_is_told() {
    let expected = "Use a table with the fields of a CORS policy, such as `allow_origins`";
    for (text, place, found) in [
        ("{\"cors\": 3}", "3", "a number"),
        ("{\"cors\": \"*\"}", "\"*\"", "a string"),
        ("{\"cors\": null}", "null", "an empty value"),
        ("[true]", "true", "a boolean"),
        ("[[\"https://a.example\", true]]", "[\"https://a.example\", true]", "a list"),
        ("\"*\"", "\"*\"", "a string"),
    ] {
        assert_told(Format::Json, text, &[("no-policy", place)]);
        assert_eq!(
            read(Format::Json, text).told[0].message,
            format!("{found} is not valid here. {expected}")
        );
    }
    assert_told(Format::Json, "{\"cors\": []}", &[("no-policy", "\"cors\"")]);
    assert_told(Format::Json, "[]", &[("no-policy", "")]);
}

#[test]
fn nesting_is_bounded() {
    for open in ["[", "{\"a\":", "- ", "? ", "{a: ", "a = [", "a = {a = ", "a."] {
        for text in [
            open.repeat(100_000),
            format!("a = {}", open.repeat(100_000)),
            format!("[{}", open.repeat(100_000)),
        ] {
            for format in FORMATS {
                let reading = read(format, &text);
                assert!(reading.errors > 0 && reading.policies.is_empty(), "{format} {open}");
            }
        }
    }
    let nested =
        |depth: usize| format!("cors: {{allow_origins: '*'}}\na: {}{}", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(read(Format::Yaml, &nested(127)).errors, 0);
    assert_told(Format::Yaml, &nested(128), &[("syntax", "[")]);
}

#[test]
fn aliases_are_bounded() {
    let laughs = (1..40).fold("a0: &a0 [x, x, x, x]".to_owned(), |text, level| {
        let below = level - 1;
        format!("{text}\na{level}: &a{level} [*a{below}, *a{below}, *a{below}, *a{below}]")
    });
    let reading = read(Format::Yaml, &laughs);
    assert_eq!(reading.told[0].message, "not valid YAML: aliases repeat more than 1 MiB of values");
    let repeated =
        |bytes: usize| format!("cors: {{allow_origins: '*'}}\na: &a '{}'\nb: *a", "x".repeat(bytes - 1));
    assert_eq!(read(Format::Yaml, &repeated(1 << 20)).errors, 0);
    assert_eq!(read(Format::Yaml, &repeated((1 << 20) + 1)).errors, 1);
    let deep = (1..200)
        .fold("a0: &a0 x".to_owned(), |text, level| format!("{text}\na{level}: &a{level} [*a{}]", level - 1));
    assert_eq!(
        read(Format::Yaml, &deep).told[0].message,
        "not valid YAML: lists and tables are nested more than 128 levels deep"
    );
}

#[test]
fn a_variable_in_a_variable_is_not_guessed() {
    let reading = read(Format::Env, "CORS_ALLOW_ORIGINS=https://$PATH");
    assert!(!reading.is_readable);
    assert!(reading.told[0].message.contains("contains a `$`"), "{}", reading.told[0].message);
    assert_told(Format::Env, "A=$PATH\nCORS_ALLOW_ORIGINS='*'", &[]);
    let laughs = format!("A=xxxxxxxx\n{}CORS_ALLOW_ORIGINS=*", "A=$A$A\n".repeat(64));
    assert_told(Format::Env, &laughs, &[]);
    assert_told(
        Format::Env,
        "CORS_ALLOW_ORIGINS=*\nCORS_ALLOW_HEADERS='$a $b'",
        &[("header-not-a-field-name", "$a $b")],
    );
}

#[test]
fn so_many_findings_are_told_and_errors_come_first() {
    let text = |wrong: usize| {
        let warned: Vec<_> =
            (0..MAX_TOLD).map(|port| json!(format!("http://local_host:{}", port + 1000))).collect();
        let wrong = (0..wrong).map(|_| json!("https://a.example/"));
        json!({ "allow_origins": warned.into_iter().chain(wrong).collect::<Vec<_>>() }).to_string()
    };
    let counts = |reading: &Reading| (reading.told.len(), reading.errors, reading.warnings);
    assert_eq!(counts(&read(Format::Json, &text(0))), (MAX_TOLD, 0, MAX_TOLD));
    let more = read(Format::Json, &text(MAX_TOLD - 1));
    assert_eq!(counts(&more), (MAX_TOLD, MAX_TOLD - 1, MAX_TOLD));
    assert_eq!(more.told.iter().filter(|told| told.is_error).count(), MAX_TOLD - 1);
    assert!(more.told.is_sorted_by_key(|told| told.range.start));
}
