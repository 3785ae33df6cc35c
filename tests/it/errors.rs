//! What `build` refuses, word for word.

mod kinds;
mod lists;
mod many;
mod origins;
mod served_at;

use http::{HeaderValue, Uri};
use tower_cors::{CorsPolicy, CorsPolicyBuilder, Issue, OriginPattern};

use crate::support::{Sentence, assert_rows, assert_sentences};

fn credentialed() -> CorsPolicyBuilder {
    CorsPolicy::builder().allow_origin("https://app.example.com").allow_credentials(true)
}

fn issues(builder: CorsPolicyBuilder) -> Vec<String> {
    match builder.build() {
        Ok(_) => Vec::new(),
        Err(error) => error.issues().map(Issue::to_string).collect(),
    }
}

/// Each value alone has this issue, and its suggestion has none.
#[track_caller]
fn assert_cases(field: &str, cases: &[Sentence], policy: impl Fn(&str) -> CorsPolicyBuilder) {
    assert_sentences(field, cases, |value| issues(policy(value)));
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
    let private_address = "is an address in a private network and is not encrypted, so anyone on that network could act with a visitor's \
        credentials. Serve the page from a host name with https, or, if you trust the network, use `dangerously_allow_insecure_origins`";
    let single_label = "is a name that only resolves in a private network, such as a container's, and is not encrypted. If the page is \
        opened on the same machine, list the `http://localhost` origin that the browser shows; otherwise use a host name with https, or \
        `dangerously_allow_insecure_origins`";
    let docker_host = "is Docker's name for the host machine, used inside containers, and is not encrypted. A browser on that machine \
        opens the page at `http://localhost`: list that origin, with its port. If users really open pages at this name, use \
        `dangerously_allow_insecure_origins`";
    let unspecified = "is an address for a server to listen on, and is not encrypted. A browser on the same machine opens the page at \
        `http://localhost`: list that origin, with its port. If users really open pages at this address, use `dangerously_allow_insecure_origins`";
    let suffix = "matches hosts of strangers, who could act with a visitor's credentials. Put your own domain after the `*.`, or use \
        `dangerously_allow_public_suffixes`";
    let extension = "matches every extension that a visitor has installed, and each could act with the visitor's credentials. Name the extension, or use `dangerously_allow_public_suffixes`";
    let cases: &[Sentence] = &[
        ("http://example.com", insecure, Some("https://example.com")),
        ("http://example.com:8080", insecure, Some("https://example.com:8080")),
        ("http://203.0.113.5", insecure, Some("https://203.0.113.5")),
        ("http://192.168.1.5:3000", private_address, None),
        ("http://[fd00::1]", private_address, None),
        ("http://frontend:3000", single_label, None),
        ("http://frontend:*", single_label, None),
        ("http://host.docker.internal:3000", docker_host, None),
        ("http://0.0.0.0:3000", unspecified, None),
        ("http://[::]:3000", unspecified, None),
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
            sentence if sentence.contains("encrypted") => switched.dangerously_allow_insecure_origins(true),
            _ => switched.dangerously_allow_public_suffixes(true),
        };
        rows.push((format!("{value} with its switch"), issues(switched), [""; 0]));
    }
    assert_rows(rows);
}

#[cfg(feature = "public-suffix")]
#[test]
fn with_credentials_a_wildcard_over_a_domain_with_a_public_suffix_below_it_is_refused() {
    use tower_cors::{OriginProblem, Problem};

    let cases = [
        ("https://*.amazonaws.com", "s3.amazonaws.com"),
        ("https://*.amazonaws.com.:*", "s3.amazonaws.com"),
        ("https://*.compute.amazonaws.com", "*.compute.amazonaws.com"),
        ("https://*.kawasaki.jp", "*.kawasaki.jp"),
        ("https://*.windows.net", "web.core.windows.net"),
        ("https://*.typeform.com", "pro.typeform.com"),
        ("https://*.run.app", "*.run.app"),
        ("https://*.xn--mre-og-romsdal-qqb.no", "sande.xn--mre-og-romsdal-qqb.no"),
    ];
    let mut rows = Vec::new();
    for (origin, suffix) in cases {
        let expected = format!(
            "allow_origins: `{origin}` matches hosts of strangers, who can have names below `{suffix}` and could act with a visitor's \
             credentials. Put a narrower domain of your own after the `*.`, list each origin, or use `dangerously_allow_public_suffixes`"
        );
        let credentialed = credentialed().allow_origin(origin);
        rows.push((format!("{origin} with credentials"), issues(credentialed.clone()), vec![expected]));
        let switched = credentialed.clone().dangerously_allow_public_suffixes(true);
        rows.push((format!("{origin} with its switch"), issues(switched), vec![]));
        let without = credentialed.allow_credentials(false);
        rows.push((format!("{origin} without credentials"), issues(without), vec![]));
    }
    for origin in [
        // A narrower domain, and the hosts one by one.
        "https://*.bucket.s3.amazonaws.com",
        "https://*.team.example.com",
        "https://console.amazonaws.com",
        "https://s3.amazonaws.com",
        "https://*.www.ck",
        "https://*.city.kawasaki.jp",
        "https://*.google.com",
        "https://*.github.com",
        "https://*.microsoft.com",
        "https://*.cloudflare.com",
        "https://*.shopify.com",
    ] {
        rows.push((origin.to_owned(), issues(credentialed().allow_origin(origin)), vec![]));
    }
    assert_rows(rows);

    let error = credentialed().allow_origin("https://*.amazonaws.com").build().expect_err("it is refused");
    let problems: Vec<_> = error.issues().map(|issue| (issue.kind(), issue.problem())).collect();
    let below = Problem::Origin(OriginProblem::PublicSuffixBelow("s3.amazonaws.com".into()));
    assert_eq!(problems, [("origin-public-suffix-below", &below)]);
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
    #[cfg(feature = "public-suffix")]
    assert_eq!(suggestions("http://*.AmazonAWS.com"), [None]);
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
    assert!(
        message.ends_with("x`... contains white space. Remove it, or write each origin as a separate value"),
        "{message}"
    );
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
        .max_age(std::time::Duration::from_secs(604_800))
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
        include_str!("../../src/docs/recipes.md").contains(&error.to_string()),
        "the recipes show another text:\n{error}"
    );
}
