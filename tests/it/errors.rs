//! What `build` refuses, word for word.

mod lists;
mod many;

use std::time::Duration;

use http::{HeaderValue, Uri};
use tower_cors::{CorsPolicy, CorsPolicyBuilder, Issue, OriginPattern};

use crate::support::assert_rows;

fn credentialed() -> CorsPolicyBuilder {
    CorsPolicy::builder().allow_origin("https://app.example.com").allow_credentials(true)
}

fn issues(builder: CorsPolicyBuilder) -> Vec<String> {
    match builder.build() {
        Ok(_) => Vec::new(),
        Err(error) => error.issues().map(Issue::to_string).collect(),
    }
}

/// A value, then the sentence behind it without "did you mean", then what was probably meant.
type Case = (&'static str, &'static str, Option<&'static str>);

#[track_caller]
fn assert_cases(field: &str, cases: &[Case], policy: impl Fn(&str) -> CorsPolicyBuilder) {
    let mut rows = Vec::new();
    for (value, sentence, suggestion) in cases {
        let mut expected = format!("{field}: `{value}` {sentence}");
        if let Some(suggestion) = suggestion {
            expected = format!("{expected}; did you mean `{suggestion}`?");
            rows.push((format!("the suggestion for `{value}`"), issues(policy(suggestion)), vec![]));
        }
        rows.push((format!("`{value}`"), issues(policy(value)), vec![expected]));
    }
    assert_rows(rows);
}

#[test]
fn an_origin_that_could_never_match_is_refused() {
    let slash = "ends with a slash, but an origin ends with its host or port";
    let path = "has a path, but an origin ends with its host or port. Paths are matched by the router";
    let upper_case = "has upper-case letters, but browsers write origins in lower case";
    let unicode = "has characters beyond ASCII, but browsers write such names in punycode (`xn--...`)";
    let no_scheme = "has no scheme. An origin starts with a scheme such as `https://`";
    let opaque = "can never match: browsers send `null` for pages of this scheme. Serve them over http or https, from `localhost` for example";
    let wildcard = "is not valid: `*` is only allowed as `*.` before a domain, as `:*`, or alone";
    let default_port = "names the scheme's default port, which browsers leave out";
    let invalid_port = "has a port that is not a number, or that starts with a zero";
    let port_range = "has a port outside 1 to 65535";
    let empty_label = "has two dots in a row, or a dot in front";
    let quad = "is an IPv4 address, but not in the form `127.0.0.1` that browsers send";
    let number = "ends with a number, which only an IPv4 address does";
    let ipv6 = "has a colon or brackets, but not an IPv6 address in brackets";
    let long_ipv6 = "is an IPv6 address, but not in the short form that browsers send";
    let zone = "is an IPv6 address with a zone, which only has a meaning on one machine";
    let mapped = "is an IPv4 address written as IPv6";
    let comma = "contains a comma. Write each origin as a separate value";
    let space = "contains white space";
    let user = "has a user name, which an origin never has";
    let cases: &[Case] = &[
        ("", "is empty. Write an origin such as `https://app.example.com`", None),
        (
            "null",
            "is what sandboxed frames of any site send. To allow all of them, use `dangerously_allow_null_origin`",
            None,
        ),
        ("https://example.com/", slash, Some("https://example.com")),
        ("https://example.com/app", path, Some("https://example.com")),
        ("https://example.com/*", path, Some("https://example.com")),
        (
            "https://example.com?q",
            "has a query, but an origin ends with its host or port",
            Some("https://example.com"),
        ),
        (
            "https://example.com#f",
            "has a fragment, but an origin ends with its host or port",
            Some("https://example.com"),
        ),
        ("https://me@example.com", user, Some("https://example.com")),
        ("https://me:pw@example.com:8443", user, Some("https://example.com:8443")),
        ("https://Example.com", upper_case, Some("https://example.com")),
        ("HTTPS://example.com", upper_case, Some("https://example.com")),
        ("https://bücher.example", unicode, Some("https://xn--bcher-kva.example")),
        ("https://BÜCHER.example", unicode, Some("https://xn--bcher-kva.example")),
        (" https://example.com", space, Some("https://example.com")),
        ("https://a.example https://b.example", space, None),
        ("https://a.example,https://b.example", comma, None),
        ("example.com", no_scheme, Some("https://example.com")),
        ("*.example.com", no_scheme, Some("https://*.example.com")),
        ("//example.com", no_scheme, Some("https://example.com")),
        ("localhost:3000", no_scheme, Some("http://localhost:3000")),
        ("https:example.com", no_scheme, None),
        ("1a://example.com", "has an invalid scheme", None),
        ("file://", opaque, None),
        ("data:text/html,x", comma, None),
        ("about:blank", opaque, None),
        ("https://", "has no host", None),
        ("https://:8080", "has no host", None),
        ("https://example.com:443", default_port, Some("https://example.com")),
        ("http://example.com:80", default_port, Some("http://example.com")),
        ("https://example.com:", invalid_port, Some("https://example.com")),
        ("https://example.com:080", invalid_port, Some("https://example.com:80")),
        ("https://example.com:http", invalid_port, None),
        ("https://example.com:0", port_range, None),
        ("https://example.com:65536", port_range, None),
        ("https://a..example", empty_label, None),
        ("https://.example", empty_label, None),
        ("http://127.1", quad, None),
        ("http://127.0.0.01", quad, None),
        ("http://0x7f.0.0.1", quad, None),
        ("https://example.1", number, None),
        ("http://127.0.0.1.", quad, None),
        ("https://[example.com]", ipv6, None),
        ("http://::1", ipv6, Some("http://[::1]")),
        ("https://a:1:2", ipv6, None),
        ("http://[0:0:0:0:0:0:0:1]", long_ipv6, Some("http://[::1]")),
        ("http://[fe80::1%25eth0]", zone, Some("http://[fe80::1]")),
        ("http://[::ffff:127.0.0.1]", mapped, Some("http://127.0.0.1")),
        ("http://[::ffff:7f00:1]", mapped, Some("http://127.0.0.1")),
        ("https://*", wildcard, None),
        ("https://*example.com", wildcard, Some("https://*.example.com")),
        ("https://app*.example.com", wildcard, None),
        ("https://app.*.com", wildcard, None),
        ("https://example.*", wildcard, None),
        ("https://*.*.example.com", wildcard, None),
        ("https://*.127.0.0.1", wildcard, None),
        ("https://example.com:80*", wildcard, None),
        ("*://example.com", wildcard, None),
        ("tauri://*", wildcard, None),
        ("https://exa%6dple.com", "has `%` in its host, where it is not allowed", None),
    ];
    assert_cases("allow_origins", cases, |origin| CorsPolicy::builder().allow_origin(origin));
}

#[test]
fn lengths_are_refused_one_past_the_limit() {
    let label = "a".repeat(63);
    let domain = format!("{label}.{label}.{label}.{}", "a".repeat(61));
    let scheme = "s".repeat(32);
    let accepted =
        [format!("https://{domain}"), format!("https://*.{}", &domain[2..]), format!("{scheme}://a")];
    let refused = [
        (format!("https://{label}a"), "has a label longer than 63 bytes, the limit for domains"),
        (
            format!("https://{domain}a"),
            "has a host longer than 253 bytes, or leaves no room for a label in front of it",
        ),
        (
            format!("https://*.{}", &domain[1..]),
            "has a host longer than 253 bytes, or leaves no room for a label in front of it",
        ),
        (format!("{scheme}s://a"), "has a scheme longer than 32 bytes"),
    ];
    for origin in &accepted {
        assert_eq!(issues(CorsPolicy::builder().allow_origin(origin)), [""; 0]);
    }
    for (origin, sentence) in &refused {
        let found = issues(CorsPolicy::builder().allow_origin(origin));
        assert!(found.len() == 1 && found[0].ends_with(sentence), "{found:?}");
    }
}

#[test]
fn no_origin_is_refused() {
    let expected = "allow_origins: no origin is allowed. List the origins of your pages, for example `https://app.example.com`, or remove the CORS layer";
    assert_eq!(issues(CorsPolicy::builder()), [expected]);
    assert_eq!(issues(CorsPolicy::builder().allow_origins([""; 0])), [expected]);
    assert_eq!(issues(CorsPolicy::builder().allow_origin_if(|_, _| true)), [""; 0]);
    assert_eq!(issues(CorsPolicy::builder().dangerously_allow_null_origin(true)), [""; 0]);
}

#[test]
fn any_origin_is_refused_with_credentials_and_there_is_no_way_round_it() {
    let expected = "allow_credentials: credentials cannot be combined with `*`: any site could read your visitors' data. List the origins that you trust";
    let dangerous = |builder: CorsPolicyBuilder| {
        builder
            .allow_credentials(true)
            .dangerously_allow_insecure_origins(true)
            .dangerously_allow_public_suffixes(true)
            .dangerously_allow_null_origin(true)
    };
    assert_eq!(issues(dangerous(CorsPolicy::builder().allow_any_origin())), [expected]);
    assert_eq!(
        issues(dangerous(CorsPolicy::builder().allow_origins(["https://a.example", "*"]))),
        [expected]
    );
}

#[test]
fn with_credentials_an_origin_that_strangers_can_have_is_refused() {
    let insecure = "is not encrypted, so anyone on the network could act with a visitor's credentials. Use https, or `dangerously_allow_insecure_origins`";
    let suffix = "matches hosts of strangers, who could act with a visitor's credentials. Put a domain of yours after the `*.`, or use `dangerously_allow_public_suffixes`";
    let extension = "matches every extension that a visitor has installed, and each could act with the visitor's credentials. Name the extension, or use `dangerously_allow_public_suffixes`";
    let cases: &[Case] = &[
        ("http://example.com", insecure, Some("https://example.com")),
        ("http://example.com:8080", insecure, Some("https://example.com:8080")),
        ("http://192.168.0.1", insecure, Some("https://192.168.0.1")),
        ("http://*.example.com", insecure, Some("https://*.example.com")),
        ("https://*.com", suffix, None),
        ("https://*.com.:*", suffix, None),
        ("moz-extension://*", extension, None),
        ("chrome-extension://*", extension, None),
        ("safari-web-extension://*", extension, None),
    ];
    assert_cases("allow_origins", cases, |origin| credentialed().allow_origin(origin));
    #[cfg(feature = "public-suffix")]
    assert_cases(
        "allow_origins",
        &[("https://*.co.uk", suffix, None), ("https://*.github.io", suffix, None)],
        |origin| credentialed().allow_origin(origin),
    );

    let mut rows = Vec::new();
    for (value, sentence, _) in cases {
        let without_credentials = CorsPolicy::builder().allow_origin(*value);
        rows.push((format!("{value} without credentials"), issues(without_credentials), [""; 0]));
        let switched = credentialed().allow_origin(*value);
        let switched = match *sentence {
            sentence if sentence == insecure => switched.dangerously_allow_insecure_origins(true),
            _ => switched.dangerously_allow_public_suffixes(true),
        };
        rows.push((format!("{value} with its switch"), issues(switched), [""; 0]));
    }
    assert_rows(rows);
}

#[test]
fn with_credentials_a_suggestion_is_accepted_too() {
    let suggestions = |origin: &str| {
        let error = credentialed().allow_origin(origin).build().expect_err("it is refused");
        error.issues().map(|issue| issue.suggestion().map(str::to_owned)).collect::<Vec<_>>()
    };
    assert_eq!(suggestions("http://Example.com"), [Some("https://example.com".to_owned())]);
    assert_eq!(suggestions("http://Localhost"), [Some("http://localhost".to_owned())]);
    assert_eq!(suggestions("https://*.COM"), [None]);
    assert_eq!(suggestions("http://*.com"), [None, None]);
}

#[test]
fn one_switch_does_not_stand_for_another() {
    let both = credentialed().allow_origin("http://*.com");
    assert_eq!(issues(both.clone()).len(), 2);
    assert_eq!(issues(both.clone().dangerously_allow_insecure_origins(true)).len(), 1);
    assert_eq!(issues(both.clone().dangerously_allow_public_suffixes(true)).len(), 1);
    assert_eq!(issues(both.clone().dangerously_allow_null_origin(true)).len(), 2);
    assert_eq!(
        issues(both.dangerously_allow_insecure_origins(true).dangerously_allow_public_suffixes(true)),
        [""; 0]
    );
}

#[test]
fn with_credentials_local_origins_need_not_be_encrypted() {
    let origins = [
        "http://localhost",
        "http://localhost:*",
        "http://app.localhost:5173",
        "http://*.localhost:*",
        "http://127.0.0.1:3000",
        "http://[::1]:*",
        "http://tauri.localhost",
        "tauri://localhost",
        "capacitor://localhost",
        "ionic://localhost",
        "https://localhost",
        "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
    ];
    assert_rows(origins.map(|origin| (origin, issues(credentialed().allow_origin(origin)), [""; 0])));
}

#[test]
fn rejecting_is_refused_where_nothing_would_be_rejected() {
    assert_eq!(
        issues(CorsPolicy::builder().allow_any_origin().reject_disallowed_origins(true)),
        [
            "reject_disallowed_origins: has no effect while any origin (`*`) is allowed. List origins, or turn it off"
        ]
    );
}

#[test]
fn messages_escape_and_cut_what_they_quote() {
    let forged = format!("https://a\n2026-01-01 INFO all is well\u{1b}[2J{}", "x".repeat(10_000));
    let error = CorsPolicy::builder().allow_origin(forged).build().expect_err("it has white space");
    let message = error.to_string();
    assert!(message.starts_with(
        "the CORS policy has an issue: allow_origins: `https://a\\n2026-01-01 INFO all is well\\u{1b}[2Jx"
    ));
    assert!(message.ends_with("x`... contains white space"), "{message}");
    assert!(message.len() < 250 && !message.contains(char::is_control));
}

#[test]
fn values_come_in_the_types_that_users_have() -> Result<(), Box<dyn std::error::Error>> {
    let origin = "https://app.example.com";
    let expected = CorsPolicy::builder().allow_origin(origin).build()?;
    let builders = [
        CorsPolicy::builder().allow_origin(origin.to_owned()),
        CorsPolicy::builder().allow_origin(HeaderValue::from_static(origin)),
        CorsPolicy::builder().allow_origin(origin.parse::<Uri>()?),
        CorsPolicy::builder().allow_origin(origin.parse::<OriginPattern>()?),
        CorsPolicy::builder().allow_origins([origin.to_owned()].iter()),
        CorsPolicy::builder().allow_origins(&[origin]),
    ];
    for builder in builders {
        assert_eq!(builder.build()?, expected);
    }
    let with_path = CorsPolicy::builder().allow_origin("https://app.example.com/x".parse::<Uri>()?);
    assert_eq!(issues(with_path).len(), 1);
    let not_text = CorsPolicy::builder().allow_origin(HeaderValue::from_bytes(b"https://\xff")?);
    assert_eq!(issues(not_text).len(), 1);
    Ok(())
}

#[cfg(feature = "public-suffix")]
#[test]
fn eight_mistakes_are_eight_issues_in_the_order_of_the_fields() {
    let error = CorsPolicy::builder()
        .max_age(Duration::from_secs(604_800))
        .expose_headers(["Set-Cookie"])
        .allow_headers(["Content-Type", "Cookie"])
        .allow_methods(["patch"])
        .allow_credentials(true)
        .allow_origins(["https://app.example.com/", "localhost:3000", "https://*.github.io", "*"])
        .build()
        .expect_err("eight mistakes");
    assert_eq!(error.issues().count(), 8);
    let fields: Vec<_> = error.issues().map(Issue::field).collect();
    assert_eq!(
        fields,
        [
            "allow_origins",
            "allow_origins",
            "allow_origins",
            "allow_credentials",
            "allow_methods",
            "allow_headers",
            "expose_headers",
            "max_age"
        ]
    );
    assert!(
        include_str!("../../README.md").contains(&error.to_string()),
        "the README shows another text:\n{error}"
    );
}
