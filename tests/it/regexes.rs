//! `allow_origin_regex`: which origins an expression lets in, and which expressions are refused.

use tower_cors::{CorsPolicy, CorsPolicyBuilder, Issue, PolicyError, RegexProblem, Warning};

use crate::support::{APP, assert_rows, built, denial, preflight_from, request};

fn allows(policy: &CorsPolicy, origin: &str) -> bool {
    denial(policy, &request("GET", &[("origin", origin)])).is_none()
}

fn regexes<'e>(expressions: impl IntoIterator<Item = &'e str>) -> CorsPolicyBuilder {
    expressions.into_iter().fold(CorsPolicy::builder(), CorsPolicyBuilder::allow_origin_regex)
}

#[test]
fn an_expression_matches_the_whole_of_an_origin() {
    let cases = [
        (r"https://pr-\d+\.example\.com", "https://pr-7.example.com", true),
        (r"https://pr-\d+\.example\.com", "https://pr-7.example.com:8443", false),
        (r"https://pr-\d+\.example\.com", "https://pr-7.example.com.evil.example", false),
        (r"https://pr-\d+\.example\.com", "https://pr-.example.com", false),
        (r"https://pr-\d+\.example\.com", "http://pr-7.example.com", false),
        // Anchors at the ends change nothing, and an alternative without them is anchored anyway.
        (r"^https://a\.example\.com$", "https://a.example.com", true),
        (r"^https://a\.example\.com|https://b\.example\.com$", "https://a.example.com:81", false),
        (r"^https://a\.example\.com|https://b\.example\.com$", "https://b.example.com", true),
        (r"https://a\.example\.com|https://b\.example\.com", "https://xhttps://b.example.com", false),
        // The longer alternative matches, whatever the order.
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
        // Malformed origins never match.
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

fn issues(policy: CorsPolicyBuilder) -> Vec<String> {
    policy.build().err().iter().flat_map(PolicyError::issues).map(Issue::to_string).collect()
}

/// Without the Public Suffix List, it is not known that strangers have names below `vercel.app`.
fn is_known(expression: &str) -> bool {
    cfg!(feature = "public-suffix") || !expression.contains("vercel")
}

#[test]
fn what_is_wrong_with_an_expression_is_said() {
    let domain = "Begin the domain after `://` or `\\.`, write `\\.` for each dot, and use one expression for each of your domains";
    let cases = [
        ("", "is empty. Remove it, or write an expression such as `https://pr-\\d+\\.preview\\.example\\.com`".to_owned()),
        ("https://(a", "is not a valid regular expression: unclosed group, at character 9".to_owned()),
        ("https://ü(?=a)", "is not a valid regular expression: look-around, including look-ahead and look-behind, is not supported, at character 10".to_owned()),
        (
            r"https://Example\.com",
            "can never match an origin. It matches `https://Example.com`, which has upper-case letters, but browsers write origins in lower case".to_owned(),
        ),
        (
            r"https://[a-z]+\.example\.com/",
            r"can never match an origin. It matches `https://a.example.com/`, which ends with a slash, but an origin ends with its host or port; did you mean `https://[a-z]+\.example\.com`?".to_owned(),
        ),
        (
            r"https://.*example\.com",
            r"is not limited to one domain: it also matches `https://evilexample.com`, whose owner could act with a visitor's credentials. Use the pattern `https://*.example.com` in `allow_origins`; did you mean `https://(.+\.)?example\.com`?".to_owned(),
        ),
        (
            r"https://app.example\.com",
            format!(r"is not limited to one domain: it also matches `https://appxexample.com`, whose owner could act with a visitor's credentials. {domain}; did you mean `https://app\.example\.com`?"),
        ),
        (
            r"https://myapp-[a-z0-9]+\.vercel\.app",
            "also matches `https://myapp-evil.vercel.app`: anyone can have a name below `vercel.app`, and could act with a visitor's \
             credentials. Serve these pages below your own domain, list each origin, or use `dangerously_allow_public_suffixes`".to_owned(),
        ),
        (
            r"https?://app\.example\.com",
            r"matches `http://app.example.com`, which is not encrypted, so anyone on the network could act with a visitor's credentials. Use https alone, or `dangerously_allow_insecure_origins`; did you mean `https://app\.example\.com`?".to_owned(),
        ),
        (
            r"https://.*",
            "matches any site, such as `https://evil.example`, and credentials cannot be combined with any origin: any site could read \
             your visitors' data. End it with your own domain".to_owned(),
        ),
    ];
    assert_rows(cases.into_iter().filter(|(expression, _)| is_known(expression)).map(
        |(expression, sentence)| {
            let found = issues(regexes([expression]).allow_credentials(true));
            (expression, found, vec![format!("allow_origin_regexes: `{expression}` {sentence}")])
        },
    ));
}

#[test]
fn each_switch_lets_what_it_is_named_after_pass_and_nothing_else() {
    let kinds = |expression: &str, insecure: bool, suffixes: bool| {
        let policy = regexes([expression])
            .allow_credentials(true)
            .dangerously_allow_insecure_origins(insecure)
            .dangerously_allow_public_suffixes(suffixes)
            .dangerously_allow_null_origin(true);
        let error = policy.build().err();
        error.iter().flat_map(PolicyError::issues).map(Issue::kind).collect::<Vec<_>>().join(" ")
    };
    let cases = [
        (
            r"http://192\.168\.1\.\d+",
            ["regex-insecure regex-strangers", "regex-strangers", "regex-insecure", ""],
        ),
        (r"https?://app\.example\.com", ["regex-insecure", "", "regex-insecure", ""]),
        (r"https://[a-z]+\.vercel\.app", ["regex-public-suffix", "regex-public-suffix", "", ""]),
        (r"https://.*example\.com", ["regex-strangers", "regex-strangers", "", ""]),
        (r"moz-extension://[0-9a-f-]+", ["regex-strangers", "regex-strangers", "", ""]),
        (r"https://.*", ["regex-any-origin"; 4]),
        (r"https://example\.com.*", ["regex-strangers"; 4]),
    ];
    assert_rows(cases.into_iter().filter(|(expression, _)| is_known(expression)).map(
        |(expression, expected)| {
            let found = [(false, false), (true, false), (false, true), (true, true)]
                .map(|(insecure, suffixes)| kinds(expression, insecure, suffixes));
            (expression, found, expected.map(str::to_owned))
        },
    ));
    // Without credentials, none of it is refused.
    assert_rows(
        cases.map(|(expression, _)| (expression, issues(regexes([expression])), Vec::<String>::new())),
    );
}

#[test]
fn what_looks_like_a_mistake_is_told() {
    let credentialed = || regexes([]).allow_origin(APP).allow_credentials(true);
    let cases = [
        (
            regexes([r"https://.+\.example\.com"]),
            vec![
                "allow_origin_regexes: `https://.+\\.example\\.com` matches the same as the pattern `https://*.example.com`. Use that in \
                 `allow_origins`: it is easier to read, and cheaper to match",
            ],
        ),
        (
            regexes([r"https://a\d", r"https://a\d"]),
            vec![r"allow_origin_regexes: `https://a\d` is listed more than once. List it once"],
        ),
        (
            regexes([r"https://a\d"]).allow_any_origin(),
            vec![
                r"allow_origin_regexes: `https://a\d` has no effect, because `*` covers it. Remove it, or the wider entry",
            ],
        ),
        (
            credentialed()
                .allow_origin_regex(r"https://a\d\.example\.com")
                .dangerously_allow_public_suffixes(true),
            vec![
                "dangerously_allow_public_suffixes: has no effect: nothing in the policy needs it. Turn it off",
            ],
        ),
        (
            credentialed()
                .allow_origin_regex(r"https://.*example\.com")
                .dangerously_allow_public_suffixes(true),
            vec![],
        ),
        (
            credentialed()
                .allow_origin_regex(r"http://a\d\.example\.com")
                .dangerously_allow_insecure_origins(true),
            vec![],
        ),
    ];
    for (policy, expected) in cases {
        let policy = built(policy);
        assert_eq!(
            policy.warnings().map(|warning: Warning| warning.to_string()).collect::<Vec<_>>(),
            expected
        );
    }
}

#[test]
fn a_problem_can_be_told_by_its_type() {
    let error = regexes(["("]).build().expect_err("a group");
    let issue = error.issues().next().expect("an issue");
    assert!(matches!(issue.problem(), tower_cors::Problem::Regex(RegexProblem::Syntax { at: 1, .. })));
}

/// The kinds of the issues, with their fields.
fn kinds(expressions: &[&str]) -> Vec<(&'static str, &'static str)> {
    let error = regexes(expressions.iter().copied()).build().err();
    let issues = error.iter().flat_map(PolicyError::issues);
    issues.map(|issue: &Issue| (issue.field(), issue.kind())).collect()
}

#[test]
fn limits_hold_at_the_limit_and_not_one_past_it() {
    const FIELD: &str = "allow_origin_regexes";
    let longest = format!("{:-<4096}", r"(?x)https://[a-z]+\.example\.com # ");
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
