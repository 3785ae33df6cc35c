//! Arbitrary pieces, such as a fuzzer finds, repeated in every place where a sender or an author can write.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use http::HeaderValue;
use tower_cors::CorsPolicyBuilder;

use super::inputs::{
    APP, HEADERS, Input, METHOD, ORIGIN, allow, any, compiled, decorated, echoing, every_rule, input, lines,
    other, preflight, preflight_for, put, rejecting, requested,
};

/// How many characters of a line are repeated.
const MAX_PIECE_CHARS: usize = 12;

/// The lines of all files in a folder that are valid in a header, each once.
pub(crate) fn pieces(folder: &Path) -> BTreeSet<String> {
    let files = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let files = files.filter_map(|file| fs::read(file.ok()?.path()).ok());
    let mut pieces = BTreeSet::new();
    for file in files {
        let text = String::from_utf8_lossy(&file);
        pieces.extend(text.lines().map(|line| line.chars().take(MAX_PIECE_CHARS).collect::<String>()));
    }
    pieces.retain(|piece| !piece.is_empty() && HeaderValue::from_bytes(piece.as_bytes()).is_ok());
    pieces
}

/// A place, and a function that puts a piece there many times.
type Place = (&'static str, fn(&str, usize) -> Input);

pub(crate) const PLACES: [Place; 16] = [
    ("an Origin", |piece, size| requested(every_rule(), "GET", [(ORIGIN, piece.repeat(size))])),
    ("the host of an Origin", |piece, size| {
        requested(every_rule(), "GET", [(ORIGIN, format!("https://{}.example.com", piece.repeat(size)))])
    }),
    ("Origin lines", |piece, size| requested(rejecting(), "GET", lines(ORIGIN, size, |_| piece.to_owned()))),
    ("a Host", |piece, size| {
        requested(rejecting(), "GET", [(ORIGIN, other()), ("host", piece.repeat(size))])
    }),
    ("a Sec-Fetch-Site", |piece, size| {
        requested(rejecting(), "GET", [(ORIGIN, other()), ("sec-fetch-site", piece.repeat(size))])
    }),
    ("a requested method", |piece, size| preflight(echoing(), [(METHOD, piece.repeat(size))])),
    ("a requested method, any allowed", |piece, size| preflight(any(), [(METHOD, piece.repeat(size))])),
    ("a requested header", |piece, size| preflight_for(listing(size), piece.repeat(size))),
    ("requested headers", |piece, size| {
        let names = (0..size).map(|number| format!("{piece}{number}")).collect::<Vec<_>>();
        preflight_for(listing(size), names.join(","))
    }),
    ("lines of requested headers", |piece, size| {
        preflight(echoing(), lines(HEADERS, size, |number| format!("{piece}{number}")).chain([put()]))
    }),
    ("a Vary of the service", |piece, size| {
        decorated(listing(1), [("vary".to_owned(), format!("{piece},").repeat(size))])
    }),
    ("an entry of a policy", |piece, size| configured(every_list([piece.repeat(size)]))),
    ("an entry behind a scheme", |piece, size| {
        configured(every_list([format!("https://{}", piece.repeat(size))]))
    }),
    ("entries of a policy", |piece, size| configured(every_list((0..size).map(|_| piece.to_owned())))),
    ("other entries of a policy", |piece, size| {
        configured(every_list((0..size).map(|number| format!("{piece}{number}"))))
    }),
    ("entries behind a scheme", |piece, size| {
        configured(every_list((0..size).map(|number| format!("https://{piece}{number}.example.com"))))
    }),
];

/// A list to compare the names of a preflight with.
fn listing(size: usize) -> CorsPolicyBuilder {
    let names = (0..size).map(|number| format!("x-listed{number}"));
    allow([APP]).allow_headers(names).allow_headers(["x-p-*"])
}

fn every_list(entries: impl IntoIterator<Item = String>) -> CorsPolicyBuilder {
    let entries: Vec<_> = entries.into_iter().collect();
    let policy = allow(entries.clone()).allow_methods(entries.clone()).allow_headers(entries.clone());
    policy.expose_headers(entries.clone()).vary_by(entries)
}

/// The text need not be a valid policy.
fn configured(policy: CorsPolicyBuilder) -> Input {
    match policy.clone().build() {
        Ok(_) => compiled(policy),
        Err(_) => input(move || policy.build().map_err(|error| error.to_string())),
    }
}
