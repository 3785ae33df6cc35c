//! A correct server, to be made worse.

use http::Request;

use super::server::{Server, header, is_preflight};
use super::{findings, probe_json};

/// A server that allows the origins that a closure allows, with credentials, and is correct otherwise.
pub(super) fn allowing(is_allowed: impl Fn(&str) -> bool + Send + 'static) -> Server {
    Server::lines(move |request| careful(request, &is_allowed))
}

pub(super) fn careful(request: &Request<String>, is_allowed: impl Fn(&str) -> bool) -> (u16, Vec<String>) {
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

/// The findings for a page at `PAGE`.
pub(super) fn found_in(server: &Server, arguments: &[&str]) -> Vec<(String, String)> {
    let (status, document) = probe_json(server, arguments);
    let found: Vec<_> = findings(&document)
        .into_iter()
        .map(|(kind, severity)| (kind.to_owned(), severity.to_owned()))
        .collect();
    let can_read = document["page"]["can_read"] == true;
    assert_eq!(status, i32::from(!(can_read && found.is_empty())), "{document:#}");
    found
}

pub(super) fn assert_finds(name: &str, server: &Server, expected: &[(&str, &str)]) {
    let found = found_in(server, &[]);
    let found: Vec<_> = found.iter().map(|(kind, severity)| (kind.as_str(), severity.as_str())).collect();
    assert_eq!(found, expected, "{name}");
}
