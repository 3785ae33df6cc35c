//! What expressions let in, in a policy with credentials.

use proptest::prelude::*;
use proptest::string::string_regex;

use super::*;

#[cfg(feature = "public-suffix")]
mod owners;

fn compiled(text: &str) -> Result<Expression, RegexProblem> {
    Expression::compile(text, &mut Budget::new())
}

/// The problems for which an expression that can match is refused.
fn refused(text: &str) -> Vec<RegexProblem> {
    let expression = compiled(text).unwrap_or_else(|problem| panic!("{text} {problem}"));
    let Dangers { insecure, strangers, anybody } = expression.dangers(&mut Budget::new());
    [insecure, strangers, anybody].into_iter().flatten().collect()
}

fn is_accepted(text: &str) -> bool {
    refused(text).is_empty()
}

fn shown(problem: &RegexProblem) -> Option<&str> {
    match problem {
        RegexProblem::Insecure { also }
        | RegexProblem::Strangers { also, .. }
        | RegexProblem::PublicSuffix { also, .. }
        | RegexProblem::AnyOrigin { also } => Some(also),
        _ => None,
    }
}

/// Each problem in one word, with the origin that it shows, which the expression must match.
fn judged(text: &str) -> String {
    let expression = compiled(text);
    let problems = match &expression {
        Ok(_) => refused(text),
        Err(problem) => vec![problem.clone()],
    };
    let told = problems.iter().map(|problem| {
        let kind = problem.kind().trim_start_matches("regex-");
        match shown(problem) {
            Some(origin) => {
                let expression = expression.as_ref().expect("one that matches");
                let origin = Origin::from_serialized(origin).expect("an origin");
                assert!(expression.automaton.read(origin.as_str().as_bytes()).has(0), "{text}: {origin}");
                format!("{kind} {origin}")
            }
            None => kind.to_owned(),
        }
    });
    told.collect::<Vec<_>>().join(", ")
}

fn suggested(text: &str) -> Option<String> {
    let problem = match compiled(text) {
        Ok(_) => refused(text).into_iter().next()?,
        Err(problem) => problem,
    };
    suggest(text, &problem, &mut Budget::new(), |meant, budget| {
        let Dangers { insecure, strangers, anybody } = meant.dangers(budget);
        insecure.or(strangers).or(anybody).is_none()
    })
}

#[test]
fn what_is_dangerous_is_shown_and_what_was_meant_is_suggested() {
    let cases = [
        // No boundary before the domain, an unescaped dot, an open end.
        (r"https://.*example\.com", "strangers https://evilexample.com", r"https://(.+\.)?example\.com"),
        (r"https://(.*)example\.com", "strangers https://evilexample.com", r"https://(.+\.)?example\.com"),
        (r"https://[\w-]+example\.com", "strangers https://evilexample.com", ""),
        (r"https://(www)?example\.com", "strangers https://wwwexample.com", ""),
        (r"https://(dev-|staging-)?example\.com", "strangers https://dev-example.com", ""),
        (r"https://app.example.com", "strangers https://appxexample.com", r"https://app\.example\.com"),
        (r"^https://app.example\.com$", "strangers https://appxexample.com", r"^https://app\.example\.com$"),
        (r"https://example\.com.*", "strangers https://example.com.evil.example", ""),
        (r"https://example\..*", "strangers https://example.evil", ""),
        (r"https://example\.com:?\d*", "strangers https://example.com0", r"https://example\.com(:\d+)?"),
        (r"https://ex?ample\.com", "strangers https://example.com", ""),
        // An alternative without the parts that the others have.
        (r"https://app\.example\.com|.*", "insecure http://a, any-origin https://evil.example", ""),
        (r"https://(app\.example\.com|)[a-z.]*", "any-origin https://evil.example", ""),
        (r"https://(a\.example\.com|b\.example\.org)", "strangers https://b.example.org", ""),
        (r"https://example\.(com|org)", "strangers https://example.org", ""),
        // Flags and anchors inside.
        (
            r"(?i)https://.*EXAMPLE\.com",
            "strangers https://evilexample.com",
            r"(?i)https://(.+\.)?EXAMPLE\.com",
        ),
        (r"(?x) https:// .* example \. com", "strangers https://evilexample.com", ""),
        (r"(?m)https://example\.com$|^https://[a-z.]+$", "any-origin https://evil.example", ""),
        (r"https://\b.*\bexample\.com", "strangers https://evil-example.com", ""),
        (r"https://[^/]+", "any-origin https://evil.example", ""),
        (r"https://\S+", "any-origin https://evil.example", ""),
        (r".*", "insecure http://a, any-origin https://evil.example", ""),
        (r"https://[a-z]+\.com", "strangers https://evil.com", ""),
        // Plain http.
        (r"https?://(www\.)?example\.com", "insecure http://example.com", r"https://(www\.)?example\.com"),
        (r"http://app\.example\.com", "insecure http://app.example.com", r"https://app\.example\.com"),
        (r"[a-z]+://app\.example\.com", "insecure http://app.example.com, strangers b://app.example.com", ""),
        // Addresses, apps, extensions.
        (
            r"http://192\.168\.1\.\d+:3000",
            "insecure http://192.168.1.0:3000, strangers http://192.168.1.1:3000",
            "",
        ),
        (r"https://\d+\.\d+\.\d+\.\d+", "strangers https://0.0.0.1", ""),
        (r"https://\[[0-9a-f:]+\]", "unproven", ""),
        (r"moz-extension://[ab]", "strangers moz-extension://b", ""),
        (r"(tauri|https)://app\.example\.com", "strangers tauri://app.example.com", ""),
        // Texts that are never origins.
        (r"https://Example\.com", "never-matches", ""),
        (r"https://example\.com/", "never-matches", r"https://example\.com"),
        (r"https://[a-z]+\.example\.com/.*", "never-matches", r"https://[a-z]+\.example\.com"),
        (r"/^https:\/\/[a-z]+\.example\.com$/i", "never-matches", r"^https:\/\/[a-z]+\.example\.com"),
        (r"[a-z]+\.example\.com", "never-matches", r"https://[a-z]+\.example\.com"),
        (r"https://[a-z]+\.example\.com:443", "never-matches", ""),
        (r"https://a\.\d", "never-matches", ""),
        (r"null", "never-matches", ""),
        (r"wss://[a-z]+\.example\.com", "never-matches", ""),
        (r"https://a^b", "never-matches", ""),
        (r"https://b\xFCcher\.example", "never-matches", ""),
    ];
    let found = cases.map(|(text, ..)| (text, judged(text), suggested(text).unwrap_or_default()));
    let expected = cases.map(|(text, judged, suggestion)| (text, judged.to_owned(), suggestion.to_owned()));
    let wrong: Vec<_> = found.iter().zip(&expected).filter(|(found, expected)| found != expected).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Expressions of the kinds that people write. Each name in turn replaces the text between braces.
const SAFE: &[&str] = &[
    r"^https://{host}$",
    r"https://(www\.)?{host}",
    r"^https://(www|app|admin)\.{host}$",
    r"https://(?:app|api)\.{host}(?::8443)?",
    r"https://[^.]+\.{host}",
    r"https://[a-z0-9-]+\.{host}",
    r"^https:\/\/([a-z0-9-]+\.)*{host}$",
    r"https://([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)?{host}",
    r"https://.*\.{host}",
    r"https://.+\.{host}",
    r"^https://(.*\.)?{host}$",
    r"^https://(.+\.)?{host}(:\d+)?$",
    r"(?i)^https://(.+\.)?{host}$",
    r"\Ahttps://[\w-]+\.{host}\z",
    r"https://\w+\.{host}(:[0-9]{1,5})?",
    r"https://pr-\d+\.{host}",
    r"https://(pr|mr)-[0-9]{1,6}\.preview\.{host}",
    r"https://deploy-preview-\d+--site\.{host}",
    r"https://[0-9a-f]{8}\.{host}",
    r"https://[a-z0-9-]+-team\.{host}",
    r"https://feature-[a-z0-9-]{1,40}\.{host}",
    r"https://tenant[1-9][0-9]*\.{host}",
    r"https://(eu|us)-(east|west)-[12]\.{host}",
    r"https://(a|b)\.(c|d)\.{host}",
    r"(?x) ^https:// [a-z]+ \. {host} $ # ours",
    r"^https://(.*\.)?{host}$|^http://localhost(:\d+)?$",
    r"https?://localhost(:\d+)?|https://{host}",
    r"https://(?:[a-z]+\.)?{host}|http://127\.0\.0\.1:\d{4}",
    r"(capacitor|ionic)://localhost|https://{host}",
    r"https://{host}\.?",
];

/// Safe expressions that are refused anyway, each with the one to write instead.
const SAFE_AND_REFUSED: &[(&str, &str)] = &[
    // Too many states: which dash separates the two parts is not known before the end.
    (r"https://[a-z0-9-]{1,40}-[a-z0-9-]{1,40}\.{host}", r"https://[a-z0-9-]+-[a-z0-9-]+\.{host}"),
    // Two domains: an expression for each.
    (r"https://({host}|app\.example\.test)", r"https://{host}"),
];

const HOSTS: &[&str] = &[r"example\.com", r"example\.co\.uk", r"my-app\.example\.io"];

#[test]
fn safe_expressions_of_the_kinds_that_people_write_are_accepted() {
    for host in HOSTS {
        for kind in SAFE {
            let text = kind.replace("{host}", host);
            assert_eq!(judged(&text), "", "{text}");
        }
        for (kind, instead) in SAFE_AND_REFUSED {
            let [text, instead] = [kind, instead].map(|kind| kind.replace("{host}", host));
            assert_ne!(judged(&text), "", "{text}");
            assert_eq!(judged(&instead), "", "{instead}");
        }
    }
}

/// Pieces that make safe expressions, dangerous ones, and near misses of both.
fn expression() -> impl Strategy<Value = String> {
    let any = proptest::sample::select;
    let front = any(vec![
        "",
        "",
        r"[a-z]+\.",
        r"(.*\.)?",
        ".*",
        r".+\.",
        "[a-z]*",
        r"(www\.)?",
        "(www)?",
        r"pr-\d+\.",
        r"pr-\d+-",
        r"\w+.",
        "(a|b).",
        r"([a-z]{1,3}\.){0,2}",
        r"a\.|b\.",
        "-?",
    ]);
    let domain = any(vec![
        r"example\.com",
        "example.com",
        r"app\.example\.co\.uk",
        r"app\.example.co\.uk",
        r"co\.uk",
        r"me\.github\.io",
        r"github\.io",
        r"example\.(com|org)",
        r"example\.com|b\.example\.com",
        r"(a|b)\.example\.com",
        r"exampl[e3]\.com",
        r"localhost",
        "[a-z]+",
        r"amazonaws\.com",
    ]);
    let scheme = any(vec!["https://", "https://", "https://", "https?://", "(https|tauri)://", "[a-z]+://"]);
    let end = any(vec!["", "", "", r"(:\d+)?", ":[0-9]{4}", r"\.?", ".*", ".?", r":?\d*", "$"]);
    let flag = any(vec!["", "", "", "(?i)", "^"]);
    (flag, scheme, front, domain, end)
        .prop_map(|(flag, scheme, front, domain, end)| format!("{flag}{scheme}{front}({domain}){end}"))
}

proptest! {
    // Each case tests several expressions.
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn what_is_suggested_is_accepted_and_narrower(
        (text, samples) in expression().prop_filter_map("a suggestion", |text| Some((suggested(&text)?, text)))
            .prop_flat_map(|(suggestion, text)| {
                let plain = suggestion.trim_start_matches('^').trim_end_matches('$').to_owned();
                (Just(text), string_regex(&plain).expect("an expression").prop_map(move |sample| (suggestion.clone(), sample)))
            })
    ) {
        let (suggestion, sample) = samples;
        prop_assert!(is_accepted(&suggestion), "{}", suggestion);
        if Origin::from_serialized(&sample).is_some() && !text.contains("http://") {
            let expression = compiled(&text).expect("one that matches");
            prop_assert!(expression.automaton.read(sample.as_bytes()).has(0), "{} for {} lets in {}", suggestion, text, sample);
        }
    }
}

#[test]
fn an_expression_that_is_a_pattern_is_known() {
    let cases = [
        (r"https://app\.example\.com", Some("https://app.example.com")),
        (r"https://example\.com(:\d+)?", Some("https://example.com:*")),
        (r"http://localhost:3000", Some("http://localhost:3000")),
        (r"^https://.*\.example\.com$", Some("https://*.example.com")),
        (r"https://.+\.example\.com(:[0-9]+)?", Some("https://*.example.com:*")),
        (r"https://[a-z]+\.example\.com", None),
        (r"https://(.+\.)?example\.com", None),
        (r"https://(a|b)\.example\.com", None),
        (r".*", None),
    ];
    for (text, pattern) in cases {
        let same = compiled(text).expect("an expression").same_pattern(&mut Budget::new());
        assert_eq!(same.as_deref(), pattern, "{text}");
    }
}
