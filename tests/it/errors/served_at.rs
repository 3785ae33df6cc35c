//! Origins that a service can never have, or that could be a stranger's.

use tower_cors::{CorsPolicy, OriginPattern, Problem};

use super::{assert_cases, issues};
use crate::support::Sentence;
use crate::support::allow_app;

#[test]
fn what_is_not_an_own_origin_is_refused() {
    let not_http = "cannot be the origin of an HTTP service. Write an origin at which users open this service, such as \
        `https://api.example.com` or `http://localhost:3000`";
    let wildcard = "is not valid here: `*` is only allowed as `*.` before your own domain, or as `:*`. Anything wider would accept an \
        attacker's host name. List the origins at which users open this service";
    let no_scheme = "has no scheme. An origin starts with a scheme such as `https://`";
    let regular = "looks like a regular expression, which is not supported here. Write `https://*.example.com` for all subdomains of your domain";
    let suffix = "matches host names of strangers, who could point them to this server (DNS rebinding). Put your own domain after the \
        `*.`, or use `dangerously_allow_public_suffixes`";
    let cases: &[Sentence] = &[
        ("*", wildcard, None),
        ("https://*", wildcard, None),
        ("http://*:3000", wildcard, None),
        ("https://api*.example.com", wildcard, None),
        ("null", not_http, None),
        ("capacitor://localhost", not_http, None),
        ("chrome-extension://*", not_http, None),
        ("file:///srv", not_http, None),
        ("ftp://api.example.com", not_http, None),
        ("wss://api.example.com", not_http, Some("https://api.example.com")),
        ("ws://localhost:3000", not_http, Some("http://localhost:3000")),
        ("^https://.*.example.com$", regular, None),
        // Entries as in a list of hosts.
        ("localhost:3000", no_scheme, Some("http://localhost:3000")),
        ("api.example.com", no_scheme, Some("https://api.example.com")),
        ("127.0.0.1", no_scheme, Some("http://127.0.0.1")),
        ("10.0.0.7:8080", no_scheme, None),
        (
            "https://api.example.com/mcp",
            "has a path, but an origin ends with its host or port. Paths are matched by the router",
            Some("https://api.example.com"),
        ),
        (
            "http://localhost:80",
            "names the scheme's default port, which browsers leave out",
            Some("http://localhost"),
        ),
        ("https://*.com", suffix, None),
        ("*.com", no_scheme, None),
    ];
    assert_cases("served_at", cases, |origin| allow_app().served_at([origin]));
    #[cfg(feature = "public-suffix")]
    {
        let below = "matches host names of strangers, who can have names below `s3.amazonaws.com` and could point them to this server \
            (DNS rebinding). Put a narrower domain of your own after the `*.`, list each origin, or use `dangerously_allow_public_suffixes`";
        let cases: &[Sentence] =
            &[("https://*.co.uk", suffix, None), ("https://*.amazonaws.com", below, None)];
        assert_cases("served_at", cases, |origin| allow_app().served_at([origin]));
    }
}

#[test]
fn what_is_dangerous_to_allow_beside_credentials_may_well_be_an_own_origin() {
    let pattern: OriginPattern = "http://frontend:3000".parse().expect("a pattern");
    let policy = allow_app().allow_credentials(true).served_at([pattern]);
    let policy = policy.served_at(["http://192.168.1.5", "http://*.localhost:*", "http://api.example.com"]);
    assert_eq!(issues(policy), [""; 0]);
    let suffix = allow_app().served_at(["https://*.vercel.app"]).dangerously_allow_public_suffixes(true);
    assert_eq!(issues(suffix), [""; 0]);
}

#[test]
fn own_origins_beside_any_origin_are_refused() {
    let policy = CorsPolicy::builder().allow_any_origin().served_at(["https://api.example.com", "null"]);
    let error = policy.build().expect_err("two issues");
    let kinds: Vec<_> = error.issues().map(|issue| (issue.field(), issue.kind())).collect();
    assert_eq!(kinds, [("served_at", "origin-null"), ("served_at", "served-at-beside-any")]);
    assert!(matches!(
        error.issues().last().map(tower_cors::Issue::problem),
        Some(Problem::ServedAtBesideAny)
    ));
}
