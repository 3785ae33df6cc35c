//! Who may read: each loose check of the origin is found, and a strict check is not reported.

use super::careful::{allowing, assert_finds, careful, found_in};
use super::server::{Server, is_preflight};
use super::{PAGE, findings, probe, probe_json};

/// Servers with a loose check of the origin, and the findings.
type Loose = (&'static str, fn(&str) -> bool, &'static [(&'static str, &'static str)]);

#[test]
fn a_loose_look_at_the_origin_is_found_and_a_strict_one_is_not() {
    let cases: [Loose; 18] = [
        ("the page alone", |origin| origin == PAGE, &[]),
        (
            "any",
            |_| true,
            &[("any-origin-with-credentials", "high"), ("null-origin-with-credentials", "high")],
        ),
        ("any but null", |origin| origin != "null", &[("any-origin-with-credentials", "high")]),
        ("null", |origin| origin == PAGE || origin == "null", &[("null-origin-with-credentials", "high")]),
        (
            "starts_with",
            |origin| origin.starts_with(PAGE),
            &[("origin-as-prefix", "high"), ("another-port", "low")],
        ),
        (
            "contains",
            |origin| origin.contains("app.example.com") && !origin.starts_with("http:"),
            &[("origin-as-prefix", "high"), ("another-port", "low")],
        ),
        (
            "ends_with without the dot",
            |origin| origin.starts_with("https:") && origin.ends_with("example.com"),
            &[("origin-as-suffix", "high")],
        ),
        (
            "ends_with with the dot",
            |origin| origin.starts_with("https:") && origin.ends_with(".example.com"),
            &[],
        ),
        (
            "any top-level domain of letters",
            |origin| {
                let domain = origin.strip_prefix("https://app.example.");
                domain.is_some_and(|domain| domain.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'.')))
            },
            &[("origin-as-prefix", "high")],
        ),
        (
            "letters in front of the domain",
            |origin| {
                let host = origin.strip_prefix("https://").and_then(|host| host.strip_suffix("example.com"));
                host == Some("app.")
                    || host.is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_lowercase()))
            },
            &[("origin-as-suffix", "high")],
        ),
        ("an unescaped dot", dotted, &[("unescaped-dot", "high")]),
        (
            "the scheme ignored",
            |origin| origin.ends_with("://app.example.com"),
            &[("insecure-scheme", "medium")],
        ),
        (
            "the port ignored",
            |origin| {
                let host = origin.strip_prefix("https://").unwrap_or_default();
                host.split(':').next() == Some("app.example.com")
            },
            &[("another-port", "low")],
        ),
        (
            "one more port, that is listed",
            |origin| origin == PAGE || origin == "https://app.example.com:9443",
            &[],
        ),
        (
            "everything below a public suffix",
            |origin| origin.starts_with("https:") && origin.split('.').next_back() == Some("com"),
            &[("origin-as-suffix", "high"), ("public-suffix", "high")],
        ),
        ("subdomains of the page", |origin| origin == PAGE || origin.ends_with(".app.example.com"), &[]),
        ("subdomains of the page in another case", |origin| origin.eq_ignore_ascii_case(PAGE), &[]),
        ("nobody", |_| false, &[]),
    ];
    for (name, is_allowed, expected) in cases {
        assert_finds(name, &allowing(is_allowed), expected);
    }
}

/// `^https://.+.example\.com$` and `^https://app.example\.com$`: the dot stands for any character.
fn dotted(origin: &str) -> bool {
    let host = origin.strip_prefix("https://").unwrap_or_default();
    host.strip_prefix("app")
        .is_some_and(|rest| rest.len() == ".example.com".len() && rest.ends_with("example.com"))
}

#[test]
fn without_credentials_a_hole_is_a_smaller_one() {
    let cases: [Loose; 5] = [
        ("any", |_| true, &[("any-origin-reflected", "low"), ("null-origin", "medium")]),
        ("null", |origin| origin == PAGE || origin == "null", &[("null-origin", "medium")]),
        (
            "starts_with",
            |origin| origin.starts_with(PAGE),
            &[("origin-as-prefix", "medium"), ("another-port", "low")],
        ),
        (
            "the scheme ignored",
            |origin| origin.ends_with("://app.example.com"),
            &[("insecure-scheme", "low")],
        ),
        ("the page alone", |origin| origin == PAGE, &[]),
    ];
    for (name, is_allowed, expected) in cases {
        let server = Server::lines(move |request| {
            let (status, mut lines) = careful(request, is_allowed);
            lines.retain(|line| !line.starts_with("Access-Control-Allow-Credentials"));
            (status, lines)
        });
        assert_finds(name, &server, expected);
    }
}

#[test]
fn a_hole_in_preflights_alone_is_found() {
    let server = Server::lines(|request| careful(request, |origin| is_preflight(request) || origin == PAGE));
    assert_finds(
        "any",
        &server,
        &[("any-origin-with-credentials", "high"), ("null-origin-with-credentials", "high")],
    );
    // The page's own request gets an error without CORS headers; its preflight shows whom the server allows.
    let server = Server::lines(|request| {
        if is_preflight(request) {
            careful(request, |origin| origin.starts_with(PAGE))
        } else {
            (500, vec![])
        }
    });
    let found = found_in(&server, &[]);
    assert!(found.contains(&("origin-as-prefix".to_owned(), "high".to_owned())), "{found:?}");
}

#[test]
fn a_public_api_is_not_a_hole() {
    let server = Server::lines(|request| {
        let mut lines = vec!["Access-Control-Allow-Origin: *".to_owned()];
        if is_preflight(request) {
            lines.push("Access-Control-Allow-Methods: *".to_owned());
            lines.push("Access-Control-Allow-Headers: *, authorization".to_owned());
        }
        (if request.uri() == "/v1/items" { 200 } else { 404 }, lines)
    });
    for arguments in [&[][..], &["--method", "PUT", "--header", "x-a: 1"]] {
        assert_finds("public", &server, &[]);
        let (status, document) = probe_json(&server, arguments);
        assert_eq!((status, findings(&document)), (0, vec![]), "{document:#}");
    }
    assert_eq!(probe(&server, &[]).status, 0);
}

#[test]
fn a_server_that_knows_no_cors_has_no_holes_and_no_readers() {
    let server = Server::lines(|_| (200, vec![]));
    let (status, document) = probe_json(&server, &[]);
    assert_eq!((status, findings(&document)), (1, vec![]), "{document:#}");
    assert_eq!(document["page"]["can_read"], false);
    // The server need not support CORS.
    let server = Server::lines(|_| (401, vec!["WWW-Authenticate: Bearer".to_owned()]));
    let ran = probe(&server, &[]);
    assert_eq!(ran.status, 0, "{}", ran.output);
    assert!(ran.output.contains("no sign of CORS"), "{}", ran.output);
}
