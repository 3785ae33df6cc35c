//! Texts and what they are read as.

mod console;
mod forms;
mod har;
mod hostile;
mod page;
mod recorded;
#[path = "../../../../../tests/cli/saved/mod.rs"]
#[allow(dead_code, reason = "the tests of the program read more of it")]
mod texts;

use tower_cors::browser::Credentials;

use super::{Asked, PageRequest, Saved, parse};

#[track_caller]
fn assert_reads(rows: &[(&str, &[&str])]) {
    for (text, expected) in rows {
        assert_eq!(requests(text), *expected, "{text}");
    }
}

const URL: &str = "https://api.example.com/items/1";
const APP: &str = "https://app.example.com";

/// The requests of a text: `PUT https://... from https://..., include; name: value`.
fn requests(text: &str) -> Vec<String> {
    match parse(text) {
        Ok(saved) => saved.iter().map(in_words).collect(),
        Err(failure) => vec![failure.to_string()],
    }
}

fn in_words(saved: &Saved) -> String {
    match &saved.asked {
        Asked::Preflight(request) => {
            let header =
                |name: &str| request.headers().get(name).map_or("-", |value| value.to_str().unwrap());
            format!(
                "preflight of {} {} from {}; {}",
                header("access-control-request-method"),
                request.uri(),
                header("origin"),
                header("access-control-request-headers")
            )
        }
        Asked::Page(PageRequest { page, method, url, headers, credentials, preflighted, no_cors }) => {
            let mut words = format!(
                "{} {} from {}",
                method.as_ref().map_or("-", |method| method.as_str()),
                url.as_deref().unwrap_or("-"),
                page.as_deref().unwrap_or("-")
            );
            words += match credentials {
                None => ", include?",
                Some(Credentials::Include) => ", include",
                Some(Credentials::Omit) => ", omit",
                Some(_) => "",
            };
            words += if *preflighted { ", preflighted" } else { "" };
            words += if *no_cors { ", no-cors" } else { "" };
            let headers: Vec<_> = headers.iter().map(|(name, value)| format!("; {name}: {value}")).collect();
            words + &headers.concat()
        }
    }
}

/// The one request of a text, and what is uncertain of it.
fn only(text: &str) -> Saved {
    let mut saved = parse(text).unwrap_or_else(|failure| panic!("{failure}: {text}"));
    assert_eq!(saved.len(), 1, "{text}");
    saved.remove(0)
}
