//! Copied as fetch: `fetch("https://...", { ... })`, one call or many.
//!
//! Chromium writes `fetch(...)`, and `Referer` among the headers for Node.js; Firefox writes `await fetch(...)`. "Copy all as fetch" puts
//! `;`, ` ;` or `; ;` between the calls. All their literals are JSON; a call written by a person may have other quotes.

use super::js::{Literal, Mistake, Reader};
use super::lines::Lines;
use super::written::Written;

/// How many bytes into a text the first call begins.
pub(super) fn find(line: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(found) = line[from..].find("fetch(") {
        let start = from + found;
        let before = &line[..start];
        // Not the end of another name.
        let is_name =
            before.ends_with(|char: char| char.is_alphanumeric() || matches!(char, '_' | '$' | '.' | '#'));
        if !is_name
            || before.ends_with("window.")
            || before.ends_with("globalThis.")
            || before.ends_with("self.")
        {
            return Some(start);
        }
        from = start + 1;
    }
    None
}

/// Reads the call that begins here, and moves past it, or to the first part that is not supported.
pub(super) fn read(lines: &mut Lines<'_>) -> Result<Written, &'static str> {
    let method = Some("GET".to_owned());
    let mut written = Written { number: lines.number(), method, ..Written::default() };
    let mut reader = Reader::new(lines.rest());
    reader.at = "fetch(".len();
    let read = arguments(&mut reader, &mut written);
    lines.advance(reader.at);
    read.map(|()| written).map_err(|Mistake { what, .. }| what)
}

fn arguments(reader: &mut Reader<'_>, written: &mut Written) -> Result<(), Mistake> {
    match reader.literal()? {
        Literal::Text(url) => written.url = Some(url),
        _ => return Err(reader.mistake("its first argument is not a URL")),
    }
    if reader.take(',') && !reader.is_next(')') {
        match reader.literal()? {
            Literal::Object(options) => {
                for (name, value) in options {
                    option(written, &name, value);
                }
            }
            _ => return Err(reader.mistake("its second argument is not an object")),
        }
        reader.take(',');
    }
    if !reader.take(')') {
        return Err(reader.mistake("its arguments do not end here"));
    }
    Ok(())
}

fn option(written: &mut Written, name: &str, value: Literal) {
    match (name, value) {
        ("headers", Literal::Object(headers)) => {
            let text = |(name, value)| match value {
                Literal::Text(value) => Some((name, value)),
                _ => None,
            };
            written.headers.extend(headers.into_iter().filter_map(text));
        }
        ("headers", Literal::List(headers)) => {
            let pair = |header| match header {
                Literal::List(pair) => match <[Literal; 2]>::try_from(pair) {
                    Ok([Literal::Text(name), Literal::Text(value)]) => Some((name, value)),
                    _ => None,
                },
                _ => None,
            };
            written.headers.extend(headers.into_iter().filter_map(pair));
        }
        ("method", Literal::Text(method)) => written.method = Some(method),
        ("mode", Literal::Text(mode)) => written.mode = Some(mode),
        ("credentials", Literal::Text(credentials)) => written.credentials = Some(credentials),
        ("referrer", Literal::Text(referrer)) => written.headers.push(("Referer".to_owned(), referrer)),
        _ => {}
    }
}
