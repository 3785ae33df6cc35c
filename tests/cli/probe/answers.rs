//! Mistakes in an answer are found, and similar correct answers are not reported.

use http::Request;
use serde_json::json;

use super::careful::{careful, found_in};
use super::server::{Server, header, is_preflight};
use super::{PAGE, probe_json};

/// The answer of a careful server, to be changed.
struct Said {
    status: u16,
    lines: Vec<String>,
}

impl Said {
    fn add(&mut self, line: &str) {
        self.lines.push(line.to_owned());
    }

    fn remove(&mut self, name: &str) {
        self.lines.retain(|line| !line.starts_with(name));
    }

    fn set(&mut self, name: &str, value: &str) {
        self.remove(name);
        self.lines.push(format!("{name}: {value}"));
    }

    fn become_this(&mut self, status: u16, lines: &[&str]) {
        *self = Self { status, lines: lines.iter().map(ToString::to_string).collect() };
    }
}

/// A name, a change, and the one finding that it leads to, if any.
type Row = (&'static str, fn(&Request<String>, &mut Said), Option<(&'static str, &'static str)>);

fn changed(change: fn(&Request<String>, &mut Said)) -> Server {
    Server::lines(move |request| {
        let (status, lines) = careful(request, |origin| origin == PAGE);
        let mut said = Said { status, lines };
        change(request, &mut said);
        (said.status, said.lines)
    })
}

fn assert_rows(rows: &[Row], arguments: &[&str]) {
    for (name, change, expected) in rows {
        let found = found_in(&changed(*change), arguments);
        let found: Vec<_> = found.iter().map(|(kind, severity)| (kind.as_str(), severity.as_str())).collect();
        assert_eq!(found, expected.iter().copied().collect::<Vec<_>>(), "{name}");
    }
}

#[test]
fn a_response_that_depends_on_the_origin_must_say_so() {
    let missing = Some(("vary-without-origin", "medium"));
    assert_rows(
        &[
            ("no Vary", |_, said| said.remove("Vary"), missing),
            (
                "no Vary for a request without Origin",
                |request, said| {
                    if !request.headers().contains_key("origin") {
                        said.remove("Vary");
                    }
                },
                missing,
            ),
            ("another Vary", |_, said| said.set("Vary", "Accept-Encoding, X-Origin"), missing),
            (
                "Vary in two lines",
                |_, said| {
                    said.set("Vary", "Accept");
                    said.add("Vary: Cookie,ORIGIN");
                },
                None,
            ),
            ("Vary with a star", |_, said| said.set("Vary", "*"), None),
            (
                "no Vary, but no cache either",
                |_, said| {
                    said.remove("Vary");
                    said.add("Cache-Control: private, No-Store");
                },
                None,
            ),
            (
                "no Vary, and the same for everybody",
                |_, said| said.lines = vec![format!("Access-Control-Allow-Origin: {PAGE}")],
                None,
            ),
            (
                "no Vary on errors",
                |_, said| {
                    if said.status == 404 {
                        said.remove("Vary");
                    }
                },
                missing,
            ),
        ],
        &[],
    );
}

#[test]
fn headers_must_not_contradict_each_other() {
    let two = Some(("two-allowed-origins", "medium"));
    assert_rows(
        &[
            ("the origin twice", |_, said| said.add(&format!("Access-Control-Allow-Origin: {PAGE}")), two),
            (
                "two origins in a line",
                |_, said| said.lines = vec![format!("Access-Control-Allow-Origin: {PAGE} https://b.example")],
                two,
            ),
            (
                "any with credentials",
                |_, said| {
                    let any = ["Access-Control-Allow-Origin: *", "Access-Control-Allow-Credentials: true"];
                    said.become_this(said.status, &any);
                },
                Some(("any-origin-and-credentials", "low")),
            ),
            (
                "any without credentials",
                |_, said| {
                    let any = ["Access-Control-Allow-Origin: *", "Access-Control-Allow-Credentials: false"];
                    said.become_this(said.status, &any);
                },
                None,
            ),
            (
                "a wildcard list with credentials",
                |request, said| {
                    if is_preflight(request) {
                        said.add("Access-Control-Allow-Headers: *");
                    }
                },
                Some(("wildcard-list-and-credentials", "low")),
            ),
            (
                "a wildcard list without credentials",
                |_, said| {
                    said.remove("Access-Control-Allow-Credentials");
                    said.add("Access-Control-Expose-Headers: *");
                },
                None,
            ),
        ],
        &[],
    );
}

#[test]
fn what_a_preflight_grants_must_mean_something() {
    let max_age = Some(("max-age", "low"));
    assert_rows(
        &[
            ("no browser", |_, said| said.set("Access-Control-Max-Age", "86401"), max_age),
            ("one browser", |_, said| said.set("Access-Control-Max-Age", "86400"), None),
            ("not a number", |_, said| said.set("Access-Control-Max-Age", "1h"), max_age),
            ("never", |_, said| said.set("Access-Control-Max-Age", "0"), None),
            (
                "a private network",
                |request, said| {
                    if header(request, "access-control-request-private-network") == "true" {
                        said.add("Access-Control-Allow-Private-Network: true");
                    }
                },
                Some(("private-network", "low")),
            ),
            ("no private network", |_, said| said.add("Access-Control-Allow-Private-Network: false"), None),
        ],
        &[],
    );
}

#[test]
fn a_preflight_must_be_answered_before_anything_else_does() {
    const NOT_ANSWERED: fn(&Request<String>, &mut Said) = |request, said| {
        if is_preflight(request) {
            said.become_this(405, &[]);
        }
    };
    let authentication = Some(("preflight-behind-authentication", "medium"));
    assert_rows(
        &[
            (
                "authentication",
                |request, said| {
                    if is_preflight(request) {
                        said.become_this(401, &["WWW-Authenticate: Bearer"]);
                    }
                },
                authentication,
            ),
            (
                "authentication that forbids",
                |request, said| {
                    if is_preflight(request) {
                        said.become_this(403, &["WWW-Authenticate: Basic"]);
                    }
                },
                authentication,
            ),
            (
                "a login",
                |request, said| {
                    if is_preflight(request) {
                        said.become_this(302, &["Location: /login"]);
                    }
                },
                Some(("preflight-redirected", "medium")),
            ),
            (
                "a router, with headers",
                |request, said| {
                    if is_preflight(request) {
                        said.status = 405;
                    }
                },
                Some(("preflight-status", "medium")),
            ),
            (
                "strangers refused",
                |request, said| {
                    if is_preflight(request) && header(request, "origin") != PAGE {
                        said.status = 403;
                    }
                },
                None,
            ),
            ("a router, and the page needs no preflight", NOT_ANSWERED, None),
            (
                "files for all, and the page needs no preflight",
                |request, said| {
                    let status = if is_preflight(request) { 405 } else { said.status };
                    said.become_this(status, &["Access-Control-Allow-Origin: *"]);
                },
                None,
            ),
            (
                "an API for all",
                |request, said| {
                    said.become_this(said.status, &["Access-Control-Allow-Origin: *"]);
                    if is_preflight(request) {
                        said.status = 405;
                        said.add("Access-Control-Allow-Methods: *");
                    }
                },
                Some(("preflight-status", "medium")),
            ),
            (
                "a cache's answer, which is not a redirect",
                |request, said| {
                    if is_preflight(request) {
                        said.status = 304;
                    }
                },
                Some(("preflight-status", "medium")),
            ),
        ],
        &[],
    );
    let router = [("a router", NOT_ANSWERED, Some(("preflight-status", "medium")))];
    assert_rows(&router, &["--method", "PUT"]);
}

#[test]
fn a_limit_is_not_taken_for_a_refusal() {
    let server = changed(|request, said| {
        if header(request, "origin").contains("towercorsprobe") {
            said.become_this(429, &[]);
        }
    });
    let (status, document) = probe_json(&server, &[]);
    assert_eq!(status, 2, "{document:#}");
    let stranger = &document["questions"][0];
    assert_eq!(
        (&stranger["question"], &stranger["outcome"]),
        (&json!("unknown origin"), &json!("no answer"))
    );
}

#[test]
fn the_page_must_be_able_to_read_errors() {
    let error = Some(("error-without-cors", "low"));
    assert_rows(
        &[
            (
                "an unknown path",
                |_, said| {
                    if said.status == 404 {
                        said.lines.clear();
                    }
                },
                error,
            ),
            (
                "an unknown path under another policy",
                |_, said| {
                    if said.status == 404 {
                        said.become_this(404, &["Vary: Origin"]);
                    }
                },
                None,
            ),
            (
                "an unknown path that leads home",
                |_, said| {
                    if said.status == 404 {
                        said.become_this(200, &[]);
                    }
                },
                None,
            ),
            (
                "a method that the router does not know",
                |request, said| {
                    if request.method() == "OPTIONS" && !is_preflight(request) {
                        said.become_this(405, &[]);
                    }
                },
                error,
            ),
            (
                "a method that the router does not know, with CORS",
                |request, said| {
                    if request.method() == "OPTIONS" && !is_preflight(request) {
                        said.status = 405;
                    }
                },
                None,
            ),
            (
                "an error of the URL's own",
                |request, said| {
                    if request.method() == "GET" && said.status == 200 {
                        said.become_this(500, &[]);
                    }
                },
                error,
            ),
        ],
        &[],
    );
}

#[test]
fn the_page_must_be_able_to_read_that_its_token_is_missing() {
    let token = ["--header", "Authorization: Bearer t"];
    assert_rows(
        &[
            (
                "without CORS",
                |request, said| {
                    if lacks_a_token(request) {
                        said.become_this(401, &["WWW-Authenticate: Bearer"]);
                    }
                },
                Some(("error-without-cors", "low")),
            ),
            (
                "with CORS",
                |request, said| {
                    if lacks_a_token(request) {
                        said.status = 401;
                    }
                },
                None,
            ),
        ],
        &token,
    );
}

fn lacks_a_token(request: &Request<String>) -> bool {
    !is_preflight(request) && !request.headers().contains_key("authorization")
}
