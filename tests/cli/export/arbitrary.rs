//! Arbitrary policies: anything that builds, with every byte that a name can have.

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use toml::{Table, Value};
use tower_cors::{CorsPolicy, CorsPolicyBuilder};

/// How many of these policies each proxy gets.
const COUNT: usize = 16;

/// The bytes of a token that are not letters (RFC 9110, section 5.6.2), without `*`, which would make an entry a
/// wildcard.
const MARKS: &str = "[a-z$'`#%&!^|~+._-]{1,12}";

pub(super) fn policies() -> Vec<Table> {
    let mut runner = TestRunner::deterministic();
    let strategy = policy();
    let mut policies = Vec::new();
    while policies.len() < COUNT {
        let rules = strategy.new_tree(&mut runner).expect("a policy").current();
        if builder(&rules).build().is_ok() && !policies.contains(&rules) {
            policies.push(rules);
        }
    }
    policies
}

fn builder(rules: &Table) -> CorsPolicyBuilder {
    rules.clone().try_into().expect("a policy's fields")
}

fn policy() -> impl Strategy<Value = Table> {
    let label = "[a-z0-9_-]{1,10}";
    let host = prop_oneof![
        6 => prop::collection::vec(label, 1..4).prop_map(|labels| labels.join(".") + ".example"),
        1 => Just("127.0.0.1".to_owned()),
        1 => Just("[2001:db8::1]".to_owned()),
        1 => Just(format!("{}.{}.example", "a".repeat(63), "b".repeat(60))),
        1 => Just("dot.example.".to_owned()),
    ];
    let port = prop_oneof![3 => Just(""), 1 => Just(":8080"), 1 => Just(":*"), 1 => Just(":65535")];
    let wildcard = prop_oneof![3 => Just(""), 1 => Just("*.")];
    let scheme =
        prop_oneof![4 => Just("https"), 3 => Just("http"), 1 => Just("capacitor"), 1 => Just("a+b-c.1")];
    let origin = (scheme, wildcard, host, port)
        .prop_map(|(scheme, wildcard, host, port)| format!("{scheme}://{wildcard}{host}{port}"));
    let origin = prop_oneof![8 => origin, 1 => Just("moz-extension://*".to_owned()), 1 => Just("capacitor://MyApp".to_owned())];
    let name = || prop_oneof![4 => MARKS, 2 => MARKS.prop_map(|start| start + "*"), 1 => Just("*".to_owned()), 1 => Just("authorization".to_owned())];
    let method = prop_oneof![3 => "[A-Z$'`#%&!^|~+._-]{1,10}", 1 => Just("*".to_owned())];
    let lists = (
        prop::collection::vec(origin, 1..6),
        prop::collection::vec(method, 0..4),
        prop::collection::vec(name(), 0..5),
        prop::collection::vec(MARKS, 0..4),
        prop::collection::vec(MARKS, 0..2),
    );
    let switches =
        (any::<bool>(), any::<bool>(), prop::option::of(0..86400_i64), prop::option::of(200..300_i64));
    (lists, switches).prop_map(
        |((origins, methods, headers, exposed, vary), (credentials, null, max_age, status))| {
            let list = |values: Vec<String>| Value::Array(values.into_iter().map(Value::String).collect());
            let mut rules = Table::new();
            rules.insert("allow_origins".to_owned(), list(origins));
            rules.insert("allow_methods".to_owned(), list(methods));
            rules.insert("allow_headers".to_owned(), list(headers));
            rules.insert("expose_headers".to_owned(), list(exposed));
            rules.insert("vary_by".to_owned(), list(vary));
            rules.insert("allow_credentials".to_owned(), credentials.into());
            rules.insert("dangerously_allow_null_origin".to_owned(), null.into());
            rules.insert("dangerously_allow_insecure_origins".to_owned(), true.into());
            rules.insert("dangerously_allow_public_suffixes".to_owned(), true.into());
            rules.extend(max_age.map(|seconds| ("max_age".to_owned(), seconds.into())));
            rules.extend(status.map(|status| ("preflight_status".to_owned(), status.into())));
            rules
        },
    )
}

fn list(policy: &CorsPolicyBuilder, field: &str) -> Vec<String> {
    let fields = serde_json::to_value(policy).expect("no predicate");
    let texts = fields[field].as_array().into_iter().flatten();
    texts.filter_map(|text| text.as_str().map(str::to_owned)).collect()
}

/// Origins for each rule, and similar ones. The first one is allowed by the first rule.
pub(super) fn origins(policy: &CorsPolicyBuilder) -> Vec<Vec<Vec<u8>>> {
    let long = ["a".repeat(63), "b".repeat(63), "c".repeat(63)].join(".");
    let mut origins = Vec::new();
    for text in list(policy, "allow_origins") {
        if text == "*" {
            origins.push("https://anybody.example".to_owned());
            continue;
        }
        let hosts = [
            "a.b",
            "A",
            "-",
            &"a".repeat(64),
            &"a".repeat(63),
            &long,
            &format!("{long}.{}", "d".repeat(40)),
            "",
            "a..b",
            "a:b",
            "a/b",
            "é",
        ];
        let hosts = hosts.map(|host| text.replacen("://*", &format!("://{host}"), 1));
        let ports = [
            "", ":1", ":80", ":443", ":8080", ":65535", ":65536", ":0", ":080", ":", ":a", ":8080 ", ":*",
            ":44", ":4430", ":99999",
        ];
        let concrete = hosts.iter().skip(1).map(|host| host.replace(":*", ""));
        origins.extend(ports.map(|port| hosts[0].replace(":*", port)).into_iter().chain(concrete));
        let first = hosts[0].replace(":*", "");
        origins.extend([
            first.to_ascii_uppercase(),
            first.replacen("http", "HTTP", 1),
            format!("{first}."),
            format!("{first}/"),
            format!("{first}.evil.test"),
            format!("x{first}"),
            format!("{first}, {first}"),
            format!("{first}|"),
            format!("{first} {first}"),
            first.replace('.', "x"),
            text,
        ]);
    }
    origins.extend(["null", "NULL", "*", "$http_host", "{http.request.host}", "%[src]"].map(str::to_owned));
    let mut seen = std::collections::HashSet::new();
    origins.retain(|origin| seen.insert(origin.clone()));
    origins.into_iter().map(|origin| vec![origin.into_bytes()]).collect()
}

/// A preflight that the policy allows in part: a method, then a line of headers.
pub(super) fn asked(policy: &CorsPolicyBuilder) -> Vec<Vec<String>> {
    let plain =
        |text: String| text.trim_end_matches('*').to_owned() + if text.ends_with('*') { "z" } else { "" };
    let methods = list(policy, "allow_methods").into_iter().map(plain);
    let headers: Vec<String> = list(policy, "allow_headers").into_iter().map(plain).collect();
    let all = headers.join(",");
    let mut lines = vec![
        all.clone(),
        format!("{all},x-other"),
        format!("{all},authorization"),
        headers.join(" ,\t").to_ascii_uppercase(),
    ];
    lines.extend(headers.iter().map(|name| format!("{name}z")));
    lines.extend(headers);
    let mut asked: Vec<Vec<String>> = methods.map(|method| vec![method]).collect();
    // A brace is not allowed in a name, and it has a meaning in these files.
    asked.extend(lines.into_iter().map(|line| vec!["PUT".to_owned(), line]));
    asked
}

/// Every sample is large enough to be worth a run of each proxy.
#[test]
fn the_arbitrary_policies_hold_every_mark_and_every_kind_of_rule() {
    let texts: Vec<String> =
        policies().iter().map(|rules| toml::to_string(rules).expect("a table")).collect();
    let all = texts.concat();
    for part in [
        "$",
        "'",
        "`",
        "#",
        "%",
        "&",
        "!",
        "^",
        "|",
        "~",
        "+",
        "*.",
        ":*",
        "://*\"",
        "capacitor",
        "[2001",
        "\"*\"",
        "*\"",
    ] {
        assert!(all.contains(part), "{part}");
    }
    let built = policies().iter().map(|rules| builder(rules).build()).collect::<Result<Vec<CorsPolicy>, _>>();
    assert_eq!(built.expect("policies").len(), COUNT);
}
