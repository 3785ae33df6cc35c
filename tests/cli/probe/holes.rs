//! Each hole is found, and what only resembles it is not.

use http::Request;

use super::server::{Server, header, is_preflight};
use super::{PAGE, findings, probe, probe_json};

/// A server that allows the origins that a closure does, with credentials, and does all else right.
fn allowing(is_allowed: impl Fn(&str) -> bool + Send + 'static) -> Server {
    Server::lines(move |request| careful(request, &is_allowed))
}

fn careful(request: &Request<String>, is_allowed: impl Fn(&str) -> bool) -> (u16, Vec<String>) {
    let origin = header(request, "origin");
    let mut lines = vec!["Vary: Origin".to_owned()];
    if is_allowed(origin) && !origin.is_empty() {
        lines.push(format!("Access-Control-Allow-Origin: {origin}"));
        lines.push("Access-Control-Allow-Credentials: true".to_owned());
        if is_preflight(request) {
            lines.push("Access-Control-Allow-Methods: PUT, DELETE".to_owned());
            lines.push("Access-Control-Allow-Headers: content-type, authorization".to_owned());
            lines.push("Access-Control-Max-Age: 600".to_owned());
        }
    }
    (if request.uri() == "/v1/items" { 200 } else { 404 }, lines)
}

/// What is found for a page at `PAGE`.
fn found_in(server: &Server, arguments: &[&str]) -> Vec<(String, String)> {
    let (status, document) = probe_json(server, arguments);
    let found: Vec<_> = findings(&document)
        .into_iter()
        .map(|(kind, severity)| (kind.to_owned(), severity.to_owned()))
        .collect();
    let can_read = document["page"]["can_read"] == true;
    assert_eq!(status, i32::from(!(can_read && found.is_empty())), "{document:#}");
    found
}

fn assert_finds(name: &str, server: &Server, expected: &[(&str, &str)]) {
    let found = found_in(server, &[]);
    let found: Vec<_> = found.iter().map(|(kind, severity)| (kind.as_str(), severity.as_str())).collect();
    assert_eq!(found, expected, "{name}");
}

/// Those that look at the origin too loosely, and what is found.
type Loose = (&'static str, fn(&str) -> bool, &'static [(&'static str, &'static str)]);

#[test]
fn a_loose_look_at_the_origin_is_found_and_a_strict_one_is_not() {
    let cases: [Loose; 16] = [
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
            |origin| origin.starts_with("https:") && origin.ends_with(".com"),
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
    // The page's own request has an error without CORS headers; its preflight says whom the server allows.
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

/// Changes the lines of a careful server. What is found, and what is found where the change is only similar.
type Change = fn(&Request<String>, u16, Vec<String>) -> (u16, Vec<String>);

#[test]
fn a_wrong_header_is_found_and_a_similar_right_one_is_not() {
    fn with(lines: Vec<String>, line: &str) -> Vec<String> {
        [lines, vec![line.to_owned()]].concat()
    }
    fn without(mut lines: Vec<String>, name: &str) -> Vec<String> {
        lines.retain(|line| !line.starts_with(name));
        lines
    }
    let cases: Vec<(&str, Change, &[(&str, &str)])> = vec![
        (
            "no Vary",
            |_, status, lines| (status, without(lines, "Vary")),
            &[("vary-without-origin", "medium")],
        ),
        (
            "no Vary for a request without Origin",
            |request, status, lines| {
                let has_origin = request.headers().contains_key("origin");
                (status, if has_origin { lines } else { without(lines, "Vary") })
            },
            &[("vary-without-origin", "medium")],
        ),
        (
            "another Vary",
            |_, status, lines| (status, with(without(lines, "Vary"), "Vary: Accept-Encoding, X-Origin")),
            &[("vary-without-origin", "medium")],
        ),
        (
            "Vary in two lines",
            |_, status, lines| {
                (status, with(with(without(lines, "Vary"), "Vary: Accept"), "Vary: Cookie,ORIGIN"))
            },
            &[],
        ),
        ("Vary with a star", |_, status, lines| (status, with(without(lines, "Vary"), "Vary: *")), &[]),
        (
            "no Vary, but no cache either",
            |_, status, lines| (status, with(without(lines, "Vary"), "Cache-Control: private, No-Store")),
            &[],
        ),
        (
            "no Vary, and the same for everybody",
            |_, status, _| (status, vec![format!("Access-Control-Allow-Origin: {PAGE}")]),
            &[],
        ),
        (
            "the origin twice",
            |_, status, lines| (status, with(lines, &format!("Access-Control-Allow-Origin: {PAGE}"))),
            &[("two-allowed-origins", "medium")],
        ),
        (
            "two origins in a line",
            |_, status, _| (status, vec![format!("Access-Control-Allow-Origin: {PAGE} https://b.example")]),
            &[("two-allowed-origins", "medium")],
        ),
        (
            "any with credentials",
            |_, status, _| {
                let any = ["Access-Control-Allow-Origin: *", "Access-Control-Allow-Credentials: true"];
                (status, any.map(str::to_owned).to_vec())
            },
            &[("any-origin-and-credentials", "low")],
        ),
        (
            "any without credentials",
            |_, status, _| {
                let any = ["Access-Control-Allow-Origin: *", "Access-Control-Allow-Credentials: false"];
                (status, any.map(str::to_owned).to_vec())
            },
            &[],
        ),
        (
            "a wildcard list with credentials",
            |request, status, lines| {
                (
                    status,
                    if is_preflight(request) {
                        with(lines, "Access-Control-Allow-Headers: *")
                    } else {
                        lines
                    },
                )
            },
            &[("wildcard-list-and-credentials", "low")],
        ),
        (
            "a wildcard list without credentials",
            |_, status, lines| {
                let lines = without(lines, "Access-Control-Allow-Credentials");
                (status, with(lines, "Access-Control-Expose-Headers: *"))
            },
            &[],
        ),
        (
            "a max-age that no browser honours",
            |_, status, lines| {
                (status, with(without(lines, "Access-Control-Max-Age"), "Access-Control-Max-Age: 86401"))
            },
            &[("max-age", "low")],
        ),
        (
            "a max-age that one browser honours",
            |_, status, lines| {
                (status, with(without(lines, "Access-Control-Max-Age"), "Access-Control-Max-Age: 86400"))
            },
            &[],
        ),
        (
            "a max-age that is not a number",
            |_, status, lines| {
                (status, with(without(lines, "Access-Control-Max-Age"), "Access-Control-Max-Age: 1h"))
            },
            &[("max-age", "low")],
        ),
        (
            "a private network",
            |request, status, lines| {
                let asked = header(request, "access-control-request-private-network") == "true";
                (
                    status,
                    if asked { with(lines, "Access-Control-Allow-Private-Network: true") } else { lines },
                )
            },
            &[("private-network", "low")],
        ),
        (
            "no private network",
            |_, status, lines| (status, with(lines, "Access-Control-Allow-Private-Network: false")),
            &[],
        ),
        (
            "preflights behind authentication",
            |request, status, lines| {
                if is_preflight(request) {
                    (401, vec!["WWW-Authenticate: Bearer".to_owned()])
                } else {
                    (status, lines)
                }
            },
            &[("preflight-behind-authentication", "medium")],
        ),
        (
            "preflights forbidden to those who do not say who they are",
            |request, status, lines| {
                if is_preflight(request) {
                    (403, vec!["WWW-Authenticate: Basic".to_owned()])
                } else {
                    (status, lines)
                }
            },
            &[("preflight-behind-authentication", "medium")],
        ),
        (
            "preflights redirected to a login",
            |request, status, lines| {
                if is_preflight(request) {
                    (302, vec!["Location: /login".to_owned()])
                } else {
                    (status, lines)
                }
            },
            &[("preflight-redirected", "medium")],
        ),
        (
            "preflights that the router does not know",
            |request, status, lines| if is_preflight(request) { (405, lines) } else { (status, lines) },
            &[("preflight-status", "medium")],
        ),
        (
            "no preflights at all, and the page needs none",
            |request, status, lines| if is_preflight(request) { (405, vec![]) } else { (status, lines) },
            &[],
        ),
        (
            "a limit that knows no CORS, for one of many",
            |request, status, lines| {
                if header(request, "origin").contains("tower-cors-probe") {
                    (429, vec![])
                } else {
                    (status, lines)
                }
            },
            &[],
        ),
        (
            "preflights of strangers refused",
            |request, status, lines| {
                let is_stranger = is_preflight(request) && header(request, "origin") != PAGE;
                (if is_stranger { 403 } else { status }, lines)
            },
            &[],
        ),
        (
            "an unknown path without CORS",
            |_, status, lines| (status, if status == 404 { vec![] } else { lines }),
            &[("error-without-cors", "low")],
        ),
        (
            "an unknown path under another policy",
            |_, status, lines| (status, if status == 404 { vec!["Vary: Origin".to_owned()] } else { lines }),
            &[],
        ),
        (
            "an unknown path that leads home",
            |_, status, lines| if status == 404 { (200, vec![]) } else { (status, lines) },
            &[],
        ),
        (
            "a method that the router does not know, without CORS",
            |request, status, lines| {
                if request.method() == "OPTIONS" && !is_preflight(request) {
                    (405, vec![])
                } else {
                    (status, lines)
                }
            },
            &[("error-without-cors", "low")],
        ),
        (
            "a method that the router does not know, with CORS",
            |request, status, lines| {
                let is_unknown = request.method() == "OPTIONS" && !is_preflight(request);
                (if is_unknown { 405 } else { status }, lines)
            },
            &[],
        ),
        (
            "an error of the URL's own, without CORS",
            |request, status, lines| {
                if request.method() == "GET" && status == 200 { (500, vec![]) } else { (status, lines) }
            },
            &[("error-without-cors", "low")],
        ),
    ];
    for (name, change, expected) in cases {
        let server = Server::lines(move |request| {
            let (status, lines) = careful(request, |origin| origin == PAGE);
            change(request, status, lines)
        });
        assert_finds(name, &server, expected);
    }
}

#[test]
fn a_401_without_cors_is_found_where_the_page_has_a_token() {
    for (lines_of_401, expected) in [(false, &[("error-without-cors", "low")][..]), (true, &[])] {
        let server = Server::lines(move |request| {
            let (status, lines) = careful(request, |origin| origin == PAGE);
            if is_preflight(request) || request.headers().contains_key("authorization") {
                (status, lines)
            } else {
                (401, if lines_of_401 { lines } else { vec!["WWW-Authenticate: Bearer".to_owned()] })
            }
        });
        let found = found_in(&server, &["--header", "Authorization: Bearer t"]);
        let expected: Vec<_> =
            expected.iter().map(|(kind, severity)| (kind.to_string(), severity.to_string())).collect();
        // `OPTIONS` is sent with the token too.
        assert_eq!(found, expected);
    }
}

#[test]
fn a_preflight_that_the_router_does_not_know_is_found_where_the_page_needs_it() {
    let server = Server::lines(|request| {
        if is_preflight(request) { (405, vec![]) } else { careful(request, |origin| origin == PAGE) }
    });
    assert_eq!(
        found_in(&server, &["--method", "PUT"]),
        [("preflight-status".to_owned(), "medium".to_owned())]
    );
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
    // Nobody has said that it should know CORS.
    let server = Server::lines(|_| (401, vec!["WWW-Authenticate: Bearer".to_owned()]));
    let ran = probe(&server, &[]);
    assert_eq!(ran.status, 0, "{}", ran.output);
    assert!(ran.output.contains("no sign of CORS"), "{}", ran.output);
}
