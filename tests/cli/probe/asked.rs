//! The requests that a server sees: few, with the name of the sender, and without side effects.

use std::io::{BufReader, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use http::{Method, Request};

use super::server::{Server, header, is_preflight, read};
use super::{PAGE, probe};
use crate::program::{Ran, run};

/// Allows only the page, so every check is needed.
fn server() -> Server {
    Server::lines(|request| {
        let mut lines = vec!["Vary: Origin".to_owned()];
        if header(request, "origin") == PAGE {
            lines.push(format!("Access-Control-Allow-Origin: {PAGE}"));
            lines.push("Access-Control-Allow-Credentials: true".to_owned());
            lines.push("Access-Control-Allow-Methods: DELETE, PURGE, PATCH".to_owned());
            lines.push("Access-Control-Allow-Headers: x-a, authorization".to_owned());
        }
        (200, lines)
    })
}

fn at_most(ran: &Ran) -> usize {
    let number = ran.output.split("at most ").nth(1).and_then(|rest| rest.split(' ').next());
    number.and_then(|number| number.parse().ok()).unwrap_or_else(|| panic!("{}{}", ran.output, ran.errors))
}

/// If every check is needed, the number of requests is exact.
#[test]
fn no_more_requests_are_sent_than_the_first_line_says() {
    for (arguments, exact) in [
        (&["--origin", PAGE][..], Some(17)),
        (&["--origin", PAGE, "--method", "DELETE"], Some(18)),
        (&["--origin", PAGE, "--header", "x-a: 1"], Some(19)),
        (&["--origin", PAGE, "--credentials", "--cookie", "a=1"], Some(18)),
        (&["--origin", "http://[::1]:3000"], None),
        (&["--origin", "null"], None),
        (&["--origin", "capacitor://localhost"], None),
        (&[], None),
    ] {
        let server = server();
        let ran = probe(&server, arguments);
        let (sent, most) = (server.seen().len(), at_most(&ran));
        assert!(sent <= most && sent > 4, "{arguments:?}: {sent} of {most}");
        assert!(exact.is_none_or(|exact| (sent, most) == (exact, exact)), "{arguments:?}: {sent} of {most}");
    }
}

#[test]
fn only_the_pages_own_request_has_its_method_and_only_once() {
    for method in ["DELETE", "PATCH", "PURGE", "POST", "PUT"] {
        let server = server();
        probe(&server, &["--origin", PAGE, "--method", method]);
        let methods: Vec<_> = server.seen().iter().map(|request| request.method().to_string()).collect();
        let is_allowed = method != "PUT";
        assert_eq!(
            methods.iter().filter(|sent| *sent == method).count(),
            usize::from(is_allowed),
            "{methods:?}"
        );
        let others = methods.iter().filter(|sent| *sent != method);
        assert!(others.clone().all(|sent| ["GET", "OPTIONS"].contains(&sent.as_str())), "{methods:?}");
    }
    let server = server();
    probe(&server, &["--method", "DELETE"]);
    assert!(server.seen().iter().all(|request| request.method() != Method::DELETE));
}

#[test]
fn a_page_that_sends_head_is_asked_about_with_head() {
    let server = server();
    probe(&server, &["--origin", PAGE, "--method", "HEAD"]);
    assert!(server.seen().iter().all(|request| [Method::HEAD, Method::OPTIONS].contains(request.method())));
}

#[test]
fn every_request_says_who_sends_it_and_nothing_that_a_browser_does_not() {
    let server = server();
    probe(
        &server,
        &["--origin", PAGE, "--method", "PATCH", "--header", "X-A: 1", "--credentials", "--cookie", "a=1"],
    );
    let known = [
        "accept",
        "access-control-request-headers",
        "access-control-request-method",
        "access-control-request-private-network",
        "content-length",
        "cookie",
        "host",
        "origin",
        "sec-fetch-dest",
        "sec-fetch-mode",
        "sec-fetch-site",
        "user-agent",
        "x-a",
    ];
    for request in server.seen() {
        let agent = concat!("tower-cors/", env!("CARGO_PKG_VERSION"));
        assert_eq!(header(&request, "user-agent"), agent);
        assert_eq!(header(&request, "host"), server.address().to_string());
        for name in request.headers().keys() {
            assert!(known.contains(&name.as_str()), "{name}");
            assert_eq!(request.headers().get_all(name).iter().count(), 1, "{name}");
        }
        // An empty body has a `Content-Length` where browsers send one.
        assert_eq!(request.headers().contains_key("content-length"), request.method() == Method::PATCH);
        let has_secrets = |request: &Request<String>| request.headers().contains_key("cookie");
        assert!(!(is_preflight(&request) && has_secrets(&request)));
    }
}

/// Text that a server writes after its answer is not read as the next answer.
#[test]
fn every_request_has_a_connection_of_its_own() {
    let connections = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&connections);
    let server = Server::on_connections(move |stream, seen| {
        counter.fetch_add(1, Ordering::SeqCst);
        let mut reader = BufReader::new(&stream);
        while let Some(request) = read(&mut reader) {
            seen.lock().expect("not poisoned").push(request);
            let _ = (&stream)
                .write_all(b"HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n");
        }
    });
    probe(&server, &["--origin", PAGE]);
    let sent = server.seen().len();
    assert!(sent > 4);
    assert_eq!(connections.load(Ordering::SeqCst), sent);
}

#[test]
fn secrets_are_sent_to_the_url_alone_and_never_printed() {
    let arguments = [
        "--origin",
        PAGE,
        "--header",
        "authorization: Bearer secret-1",
        "--credentials",
        "--cookie",
        "session=secret-2",
    ];
    let elsewhere = server();
    let to = elsewhere.url("/elsewhere");
    let server = Server::lines(move |request| {
        let mut lines = vec![format!("Access-Control-Allow-Origin: {}", header(request, "origin"))];
        lines.push("Access-Control-Allow-Credentials: true".to_owned());
        lines.push("Access-Control-Allow-Headers: authorization".to_owned());
        if is_preflight(request) {
            return (200, lines);
        }
        lines.push(format!("Location: {to}"));
        (307, lines)
    });
    for more in [&[][..], &["--json"]] {
        let ran = probe(&server, &[&arguments[..], more].concat());
        assert!(!ran.output.contains("secret-"), "{}", ran.output);
        assert!(ran.output.contains("(not shown)"), "{}", ran.output);
    }
    assert!(server.seen().iter().any(|request| header(request, "authorization") == "Bearer secret-1"));
    // Another port is another origin, and the same host: a browser sends it the cookie, but not the token.
    let elsewhere = elsewhere.seen();
    assert!(!elsewhere.is_empty());
    assert!(elsewhere.iter().all(|request| !request.headers().contains_key("authorization")));
}

#[test]
fn what_cannot_be_asked_is_refused_before_anything_is_sent() {
    let server = server();
    let url = server.url("/");
    for (arguments, error) in [
        (&["probe", url.as_str(), "--origin", "app.example.com"][..], "app.example.com"),
        (&["probe", url.as_str(), "--method", "GET /"], "method"),
        (&["probe", url.as_str(), "--method", "TRACE"], "TRACE"),
        (&["probe", url.as_str(), "--header", "a b: 1"], "header"),
        (&["probe", url.as_str(), "--header", "cookie: a=1"], "Use `--cookie`"),
        (&["probe", url.as_str(), "--header", "origin: null"], "a page cannot set `origin`"),
        (&["probe", url.as_str(), "--cookie", "a=1"], "`--cookie` has no effect without `--credentials`"),
        (&["probe", url.as_str(), "--credentials", "--cookie", "a=1\r\nb: 2"], "a=1"),
        (&["probe", "api.example.com/v1"], "Begin it with `https://`"),
        (&["probe", "ftp://api.example.com/"], "only `http:` and `https:`"),
        (&["probe", "http://user:secret@127.0.0.1/"], "password"),
        (&["probe", "https://a\u{1b}[31m b/"], "the URL"),
        (&["probe", "https://"], "the URL"),
    ] {
        let ran = run(arguments.iter().copied(), "");
        assert_eq!((ran.status, ran.output.as_str()), (2, ""), "{arguments:?}");
        assert!(
            ran.errors.starts_with("tower-cors: ") && ran.errors.contains(error),
            "{arguments:?}: {}",
            ran.errors
        );
        assert_eq!(ran.errors.lines().count(), 1, "{}", ran.errors);
        assert!(!ran.errors.contains('\u{1b}'), "{}", ran.errors);
    }
    assert!(server.seen().is_empty());
}
