use std::time::Duration;

use http::header::{ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE};

use super::asked::{Outcome, get, is_credentialed, is_let_in, preflight, send, text, word};
use super::{Situation, built};
use crate::policy::{APP, Origins, Policy, STRANGER};
use crate::rivals::NotBuilt;
use crate::service::{ITEMS, Layered};

const YEAR: Duration = Duration::from_secs(365 * 24 * 3600);
const WITH_SLASH: &str = "https://app.example.com/";

pub(super) const SITUATIONS: [Situation; 8] = [
    Situation::new("`*` with credentials", |rival| {
        built(rival, &Policy::of(Origins::Any), |layered| {
            let answer = send(layered, get(ITEMS, STRANGER))?;
            word(match text(&answer.headers, &ACCESS_CONTROL_ALLOW_ORIGIN).as_str() {
                "*" => "sent",
                STRANGER if is_credentialed(&answer) => "any site may",
                _ => "nobody",
            })
        })
    }),
    Situation::new("trailing slash", |rival| {
        built(rival, &Policy::of(Origins::list([WITH_SLASH])), allows_the_page)
    }),
    Situation::new("upper case", |rival| {
        built(rival, &Policy::of(Origins::list(["https://App.Example.com"])), allows_the_page)
    }),
    Situation::new("`null` in the list", |rival| {
        built(rival, &Policy::of(Origins::list(["null"])), |layered| {
            word(if is_let_in(layered, "null")? { "allowed" } else { "never matches" })
        })
    }),
    Situation::new("an empty list", |rival| {
        built(rival, &Policy::of(Origins::list([])), |layered| {
            word(if is_let_in(layered, STRANGER)? { "everybody" } else { "nobody" })
        })
    }),
    Situation::new("`patch` for `PATCH`", |rival| {
        let policy = Policy { methods: vec!["patch"], ..Policy::default() };
        built(rival, &policy, |layered| {
            let answer = send(layered, preflight(APP, "PATCH", &[]))?;
            // Not in any case: browsers compare byte by byte.
            let is_named = text(&answer.headers, &ACCESS_CONTROL_ALLOW_METHODS).contains("PATCH");
            word(if answer.status.is_success() && is_named { "taken as `PATCH`" } else { "never matches" })
        })
    }),
    Situation::new("max-age of a year", |rival| {
        built(rival, &Policy { max_age: YEAR, ..Policy::default() }, |layered| {
            let answer = send(layered, preflight(APP, "PUT", &[]))?;
            let sent = text(&answer.headers, &ACCESS_CONTROL_MAX_AGE);
            word(if sent == YEAR.as_secs().to_string() { "sent" } else { "cut" })
        })
    }),
    Situation::new("three mistakes", |rival| {
        let origins = Origins::list([WITH_SLASH]);
        let policy = Policy { origins, methods: vec!["patch"], max_age: YEAR, ..Policy::default() };
        let named = match rival.build(&policy) {
            Err(NotBuilt::Error(3)) => "all named",
            Err(_) => "one named",
            Ok(_) => "none named",
        };
        named.to_owned()
    }),
];

fn allows_the_page(layered: &dyn Layered) -> Outcome {
    word(if is_let_in(layered, APP)? { "matches" } else { "never matches" })
}
