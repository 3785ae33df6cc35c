//! The output: 80 columns for people, JSON for programs, and nothing that a terminal would interpret.

use serde_json::{Value, json};

use super::server::{Server, header, is_preflight};
use super::{PAGE, probe, probe_json};
use crate::program::run;

/// Everything that a server can do wrong at once, with long and hostile values.
fn hostile() -> Server {
    Server::raw(|request| {
        let origin = header(request, "origin");
        let mut head = b"HTTP/1.1 200 \x1b]0;title\x07\r\n".to_vec();
        // A reason that is not text is not HTTP.
        head.truncate(b"HTTP/1.1 200 ".len());
        head.extend_from_slice(b"\r\n");
        for line in [
            format!("Access-Control-Allow-Origin: {origin}"),
            "Access-Control-Allow-Credentials: true".to_owned(),
            format!("Access-Control-Allow-Headers: {}", "x-long-header-name, ".repeat(100)),
            format!("Access-Control-Max-Age: {}", "9".repeat(3000)),
            "Access-Control-Allow-Private-Network: true".to_owned(),
            "WWW-Authenticate: caf\u{e9} \u{9b}31m \u{202e}back `a` \\".to_owned(),
            format!("Location: /{}", "a".repeat(5000)),
        ] {
            head.extend_from_slice(line.as_bytes());
            head.extend_from_slice(b"\r\n");
        }
        for number in 0..60 {
            head.extend_from_slice(format!("Access-Control-X-{number}: a\r\n").as_bytes());
        }
        head.extend_from_slice(b"\r\n");
        head
    })
}

#[test]
fn no_line_is_longer_than_80_columns_and_nothing_in_it_moves_the_cursor() {
    let redirecting = Server::lines(|request| {
        let to = format!("Location: https://{}.example/{}", "a".repeat(60), "b".repeat(20_000));
        (302, vec![format!("Access-Control-Allow-Origin: {}", header(request, "origin")), to])
    });
    let scheme = Server::lines(|request| {
        let to = format!("Location: {}:x", "b".repeat(20_000));
        (302, vec![format!("Access-Control-Allow-Origin: {}", header(request, "origin")), to])
    });
    for server in [hostile(), redirecting, scheme] {
        let ran = probe(&server, &["--origin", PAGE, "--method", "PUT"]);
        assert!(!ran.output.is_empty());
        for line in ran.output.lines().chain(ran.errors.lines().take(0)) {
            assert!(line.chars().count() <= 80, "{line}");
            assert!(!line.chars().any(|char| char.is_control() || char == '\u{202e}'), "{line:?}");
        }
        assert!(ran.output.len() < 40_000, "{}", ran.output.len());
        let ran = probe(&server, &["--origin", PAGE, "--json"]);
        assert!(ran.output.len() < 120_000, "{}", ran.output.len());
        assert!(!ran.output.chars().any(|char| (char.is_control() && char != '\n') || char == '\u{202e}'));
    }
}

#[test]
fn help_has_examples_and_fits_80_columns() {
    for flag in ["--help", "-h"] {
        let ran = run(["probe", flag], "");
        assert_eq!(ran.status, 0);
        assert!(
            ran.output.contains("Examples:\n  tower-cors probe https://api.example.com/v1/items\n"),
            "{}",
            ran.output
        );
        assert!(ran.output.lines().all(|line| line.chars().count() <= 80), "{}", ran.output);
    }
}

/// A server that reflects every origin, and is correct otherwise.
fn repeating() -> Server {
    Server::lines(|request| {
        let mut lines = vec!["Vary: Origin".to_owned()];
        if !header(request, "origin").is_empty() {
            lines.push(format!("Access-Control-Allow-Origin: {}", header(request, "origin")));
            lines.push("Access-Control-Allow-Credentials: true".to_owned());
        }
        (if is_preflight(request) { 204 } else { 200 }, lines)
    })
}

#[test]
fn json_is_one_document_of_a_fixed_shape() {
    let server = repeating();
    let (status, document) = probe_json(&server, &[]);
    assert_eq!(status, 1);
    let keys = |value: &Value| value.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&document), ["origin", "page", "questions", "requests", "requests_at_most", "url"]);
    let url = server.url("/v1/items");
    assert_eq!((&document["url"], &document["origin"]), (&json!(url), &json!(PAGE)));
    assert_eq!(
        (&document["requests"], &document["requests_at_most"]),
        (&json!(server.seen().len()), &json!(17))
    );
    let request_headers = json!([["origin", PAGE]]);
    let response_headers = json!([
        ["vary", "Origin"],
        ["access-control-allow-origin", PAGE],
        ["access-control-allow-credentials", "true"]
    ]);
    assert_eq!(
        document["page"],
        json!({
            "can_read": true,
            "blocked": null,
            "exchanges": [{
                "is_preflight": false,
                "method": "GET",
                "url": url,
                "request_headers": request_headers,
                "status": 200,
                "response_headers": response_headers,
            }],
        })
    );
    let questions = document["questions"].as_array().expect("a list");
    let unknown = &questions[0];
    assert_eq!((&unknown["question"], &unknown["outcome"]), (&json!("unknown origin"), &json!("finding")));
    assert_eq!(keys(&unknown["finding"]), ["exchange", "fix", "kind", "severity", "why"]);
    assert_eq!(
        unknown["finding"]["exchange"]["request_headers"][0],
        json!(["origin", "https://towercorsprobe.example"])
    );
    assert_eq!(
        questions[2],
        json!({ "question": "look-alikes", "outcome": "skipped", "text": "any origin is allowed" })
    );
    assert!(questions.iter().any(|question| question["outcome"] == "ok"));

    let ran = probe(&server, &["--json"]);
    let document: Value = serde_json::from_str(&ran.output).expect("JSON");
    assert_eq!((&document["origin"], &document["page"]), (&Value::Null, &Value::Null));
}

#[test]
fn a_finding_has_its_request_its_answer_why_and_how_it_is_fixed() {
    let server = repeating();
    let ran = probe(&server, &["--origin", PAGE]);
    let expected = format!(
        "\
HIGH any-origin-with-credentials
  The server repeats any origin, and allows it credentials.

    > GET {}
    > origin: https://towercorsprobe.example
    < 200 OK
    < vary: Origin
    < access-control-allow-origin: https://towercorsprobe.example
    < access-control-allow-credentials: true

  why: Any site that a signed-in visitor opens can read this visitor's data, and
       act in the visitor's name.
  fix: List the origins that you trust:
       `.allow_origins([\"https://app.example.com\"])`. tower-cors refuses to
       build a policy that combines any origin with credentials.
",
        server.url("/v1/items")
    );
    assert!(ran.output.contains(&expected), "{}", ran.output);
    assert!(ran.output.ends_with("\n2 findings.\n"), "{}", ran.output);
}
