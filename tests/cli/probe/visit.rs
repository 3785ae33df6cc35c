//! The page's request, step by step.

use std::process::Command;

use super::server::{Server, header, is_preflight};
use super::{PAGE, probe, probe_json};
use crate::program::run;

/// Allows the page a `PUT` of JSON.
fn server() -> Server {
    Server::lines(|request| {
        let mut lines = vec!["Vary: Origin".to_owned()];
        if header(request, "origin") == PAGE {
            lines.push(format!("Access-Control-Allow-Origin: {PAGE}"));
            if is_preflight(request) {
                lines.push("Access-Control-Allow-Methods: PUT".to_owned());
                lines.push("Access-Control-Allow-Headers: content-type".to_owned());
            }
        }
        (if is_preflight(request) { 204 } else { 200 }, lines)
    })
}

#[test]
fn the_exchange_is_shown_as_it_went_over_the_wire() {
    let server = server();
    let ran =
        probe(&server, &["--origin", PAGE, "--method", "PUT", "--header", "content-type: application/json"]);
    let url = server.url("/v1/items");
    let expected = format!(
        "\
A page at https://app.example.com: PUT without credentials

    > OPTIONS {url} (preflight)
    > origin: https://app.example.com
    > access-control-request-method: PUT
    > access-control-request-headers: content-type
    < 204 No Content
    < vary: Origin
    < access-control-allow-origin: https://app.example.com
    < access-control-allow-methods: PUT
    < access-control-allow-headers: content-type

    > PUT {url}
    > origin: https://app.example.com
    < 200 OK
    < vary: Origin
    < access-control-allow-origin: https://app.example.com

  The page can read the response, which has status 200.
"
    );
    assert!(ran.output.contains(&expected), "{}", ran.output);
    assert_eq!((ran.status, ran.errors.as_str()), (0, ""));
}

#[test]
fn a_request_that_would_not_work_is_a_no_even_if_nothing_is_found() {
    let server = server();
    for (arguments, message) in [
        (&["--origin", PAGE, "--method", "DELETE"][..], "does not allow the method `DELETE`"),
        (&["--origin", PAGE, "--credentials"], "no `Access-Control-Allow-Credentials: true`"),
        (&["--origin", PAGE, "--header", "x-a"], "does not allow the header `x-a`"),
        (&["--origin", "https://b.example"], "has no `Access-Control-Allow-Origin` header"),
    ] {
        let ran = probe(&server, arguments);
        let text = ran.output.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(ran.status, 1, "{arguments:?}: {text}");
        assert!(text.contains(message) && text.ends_with("No findings."), "{arguments:?}: {text}");
    }
}

#[test]
fn the_page_may_be_given_as_a_url_and_its_origin_is_what_counts() {
    let server = server();
    let ran = probe(&server, &["--origin", "https://APP.example.com:443/index.html", "--credentials=omit"]);
    assert_eq!(ran.status, 0, "{}", ran.output);
    assert!(ran.output.contains("A page at https://app.example.com: GET"), "{}", ran.output);
}

#[test]
fn to_a_page_of_the_servers_own_cors_does_not_apply() {
    let server = Server::lines(|_| (200, vec![]));
    let ran = probe(&server, &["--origin", &server.url("/index.html"), "--method", "PUT"]);
    let text = ran.output.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(ran.status, 0, "{text}");
    assert!(text.contains("The page can read the response"), "{text}");
    assert!(text.contains("look-alikes: the page's origin is the server's own"), "{text}");
    assert!(
        server
            .seen()
            .iter()
            .all(|request| !is_preflight(request) || header(request, "origin") != server.url(""))
    );
}

#[test]
fn without_an_origin_only_strangers_are_asked_about() {
    let ran = probe(&server(), &[]);
    assert_eq!(ran.status, 0, "{}", ran.output);
    assert!(!ran.output.contains("A page at"), "{}", ran.output);
    assert!(
        ran.output.contains("skipped    look-alikes: give an origin that the server allows"),
        "{}",
        ran.output
    );
}

#[test]
fn a_redirect_is_followed_to_the_other_scheme_host_and_port() {
    let other = server();
    let to = other.url("/v2?a=1");
    let server = Server::lines(move |request| {
        let lines = [
            format!("Access-Control-Allow-Origin: {}", header(request, "origin")),
            format!("Location: {to}"),
        ];
        (307, lines.to_vec())
    });
    // From the second origin on, the origin is `null`: as in a browser.
    let (_, document) = probe_json(&server, &[]);
    let exchanges = document["page"]["exchanges"].as_array().expect("a list");
    let urls: Vec<_> =
        exchanges.iter().map(|exchange| exchange["url"].as_str().expect("text").to_owned()).collect();
    assert_eq!(urls, [server.url("/v1/items"), other.url("/v2?a=1")]);
    assert_eq!(header(&other.seen()[0], "origin"), "null");
    assert_eq!(other.seen()[0].uri(), "/v2?a=1");
    assert_eq!(other.seen().len(), 1, "questions follow no redirect");
}

#[test]
fn names_below_localhost_are_this_machine() {
    let server = server();
    let url = format!("http://tenant.localhost:{}/v1/items", server.address().port());
    let ran = run(["probe", url.as_str(), "--origin", PAGE], "");
    assert_eq!(ran.status, 0, "{}{}", ran.output, ran.errors);
    assert_eq!(header(&server.seen()[0], "host"), format!("tenant.localhost:{}", server.address().port()));
    assert!(ran.output.contains(&format!("> GET {url}")), "{}", ran.output);
}

/// A proxy would answer instead of the server.
#[test]
fn the_proxy_of_the_environment_is_not_used() {
    let [server, proxy] = [server(), server()];
    let (url, via) = (server.url("/v1/items"), proxy.url(""));
    let ran = Command::new(env!("CARGO_BIN_EXE_tower-cors"))
        .args(["probe", url.as_str(), "--origin", PAGE])
        .envs([("http_proxy", &via), ("HTTP_PROXY", &via), ("ALL_PROXY", &via)])
        .output()
        .expect("the program was built");
    assert!(ran.status.success());
    assert!(proxy.seen().is_empty() && !server.seen().is_empty());
}
