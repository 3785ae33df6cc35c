//! `allow_origin_regex`: which origins an expression lets in, and which expressions are refused.

use tower_cors::{CorsPolicy, Issue};

use crate::support::{APP, assert_rows, built, denial, preflight_from, request};

fn allows(policy: &CorsPolicy, origin: &str) -> bool {
    denial(policy, &request("GET", &[("origin", origin)])).is_none()
}

fn regexes<'e>(expressions: impl IntoIterator<Item = &'e str>) -> tower_cors::CorsPolicyBuilder {
    expressions.into_iter().fold(CorsPolicy::builder(), tower_cors::CorsPolicyBuilder::allow_origin_regex)
}

#[test]
fn an_expression_matches_the_whole_of_an_origin() {
    let cases = [
        (r"https://pr-\d+\.example\.com", "https://pr-7.example.com", true),
        (r"https://pr-\d+\.example\.com", "https://pr-7.example.com:8443", false),
        (r"https://pr-\d+\.example\.com", "https://pr-7.example.com.evil.example", false),
        (r"https://pr-\d+\.example\.com", "https://pr-.example.com", false),
        (r"https://pr-\d+\.example\.com", "http://pr-7.example.com", false),
        // Anchors change nothing at the ends, and an alternative without them is anchored all the same.
        (r"^https://a\.example\.com$", "https://a.example.com", true),
        (r"^https://a\.example\.com|https://b\.example\.com$", "https://a.example.com:81", false),
        (r"^https://a\.example\.com|https://b\.example\.com$", "https://b.example.com", true),
        (r"https://a\.example\.com|https://b\.example\.com", "https://xhttps://b.example.com", false),
        // The longer alternative counts, whichever is first.
        (r"https://a|https://a\.example\.com", "https://a.example.com", true),
        (r"(?m)^https://a\.example\.com$", "https://a.example.com", true),
        (r"(?i)HTTPS://A\.EXAMPLE\.COM", "https://a.example.com", true),
        (r"(?x) https:// a \. example \. com # ours )", "https://a.example.com", true),
        (r"https://\w+\.example\.com", "https://a_b.example.com", true),
        (r"https://a\b.*", "https://a.example.com", true),
        (r"https://a\b.*", "https://ab.example.com", false),
        (r"https://a\.example\.com(:\d+)?", "https://a.example.com:8443", true),
        (r"https://a\.example\.com.*", "https://a.example.com:443", false),
        (r"https://a\.example\.com\.?", "https://a.example.com.", true),
        (r"capacitor://MyApp", "capacitor://MyApp", true),
        (r"capacitor://MyApp", "capacitor://myapp", false),
        (r"http://\[::1\]:\d+", "http://[::1]:3000", true),
        // Never about what is no origin.
        (".*", "https://a.example.com", true),
        (".*", "null", false),
        (".*", "https://a.example.com/", false),
        (".*", "https://A.example.com", false),
        (".*", "https://a.example.com, https://b.example.com", false),
        (".*", "", false),
    ];
    assert_rows(cases.map(|(expression, origin, expected)| {
        let row = format!("{expression} and {origin}");
        (row, allows(&built(regexes([expression])), origin), expected)
    }));
}

#[test]
fn several_expressions_are_alternatives_and_stand_beside_other_rules() {
    let policy = built(
        regexes([r"https://a\d\.example\.com", r"https://b\d\.example\.com", r".*://c\.example\.com"])
            .allow_origins(["https://app.example.com", "https://*.example.org"])
            .allow_origin_if(|origin, _| origin.host() == "d.example.com"),
    );
    for origin in [
        "https://a1.example.com",
        "https://b1.example.com",
        "tauri://c.example.com",
        "https://app.example.com",
        "https://x.example.org",
        "https://d.example.com",
    ] {
        assert!(allows(&policy, origin), "{origin}");
    }
    for origin in
        ["https://c1.example.com", "https://a1.example.org.evil.example", "https://example.org", "null"]
    {
        assert!(!allows(&policy, origin), "{origin}");
    }
}

#[test]
fn an_account_names_the_expression_that_matches() {
    let policy = built(regexes([r"https://a\d\.example\.com", r"https://a\d\.example\.(com|org)"]));
    for (origin, expression) in [
        ("https://a1.example.com", r"https://a\d\.example\.com"),
        ("https://a1.example.org", r"https://a\d\.example\.(com|org)"),
    ] {
        let account = policy.explain(&preflight_from(origin, "GET")).to_string();
        let expected = format!("the regular expression `{expression}` matches it");
        assert!(account.contains(&expected), "{account}");
    }
}

#[test]
fn a_policy_gives_its_expressions_back() {
    let written = regexes([r"https://a\d", r"https://b\d"]).allow_origin(APP);
    let policy = built(written.clone());
    assert_eq!(policy.to_builder(), written.preflight_status(http::StatusCode::NO_CONTENT));
    assert_eq!(built(policy.to_builder()), policy);
    assert!(format!("{policy:?}").contains(r#"["https://a\\d", "https://b\\d"]"#), "{policy:?}");
    assert_eq!(policy.to_string(), "`https://app.example.com`, 2 expressions");
}

/// The kinds of the issues, with the fields that they are about.
fn kinds(expressions: &[&str]) -> Vec<(&'static str, &'static str)> {
    let error = regexes(expressions.iter().copied()).build().err();
    let issues = error.iter().flat_map(tower_cors::PolicyError::issues);
    issues.map(|issue: &Issue| (issue.field(), issue.kind())).collect()
}

#[test]
fn limits_hold_at_the_limit_and_not_one_past_it() {
    const FIELD: &str = "allow_origin_regexes";
    let longest = format!("https://{}", "(?:a)".repeat(817) + "b-c");
    assert_eq!(longest.len(), 4096);
    assert_eq!(kinds(&[&longest]), []);
    assert_eq!(kinds(&[&format!("{longest}a")]), [(FIELD, "regex-too-long")]);

    let nested = |depth: usize| format!("https://{}a{}", "(".repeat(depth), ")".repeat(depth));
    assert_eq!(kinds(&[&nested(63)]), []);
    assert_eq!(kinds(&[&nested(64)]), [(FIELD, "regex-syntax")]);

    let numbered: Vec<_> = (0..65).map(|number| format!(r"https://[a-z]+-{number}\.example\.com")).collect();
    let numbered: Vec<_> = numbered.iter().map(String::as_str).collect();
    assert_eq!(kinds(&numbered[..64]), []);
    assert_eq!(kinds(&numbered), [(FIELD, "regex-too-many")]);
}

#[test]
fn what_would_take_too_much_is_refused_soon() {
    let alternatives =
        format!("https://({})", (0..100_000).map(|n| n.to_string()).collect::<Vec<_>>().join("|"));
    let cases = [
        ("a".repeat(1 << 20), "regex-too-long"),
        (alternatives, "regex-too-long"),
        ("(".repeat(4000), "regex-syntax"),
        ("(?:".repeat(1000) + &")".repeat(1000), "regex-syntax"),
        (r"https://(a{1000}){1000}".to_owned(), "regex-too-complex"),
        (r"https://(((a{100}){100}){100}){100}".to_owned(), "regex-too-complex"),
        (r"https://a{4294967295}".to_owned(), "regex-too-complex"),
        (r"https://.*a.{30}".to_owned(), "regex-too-complex"),
        (r"https://(a|b)*a(a|b){40}\.example\.com".to_owned(), "regex-too-complex"),
        (r"https://(.*a){20}(.*b){20}(.*c){20}.{20}".to_owned(), "regex-too-complex"),
    ];
    for (expression, kind) in cases {
        let started = std::time::Instant::now();
        let found = kinds(&[&expression]);
        assert_eq!(found, [("allow_origin_regexes", kind)], "{}", &expression[..expression.len().min(50)]);
        assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
    }
}
