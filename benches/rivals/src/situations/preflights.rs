use http::Method;
use http::header::{ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_ORIGIN};

use super::asked::{covers, cross_origin, preflight, reached, send, text, word};
use super::{Situation, built};
use crate::policy::{APP, Headers, Policy, STRANGER};
use crate::service::{Answer, ITEMS};

/// Longer than an echo of a few names.
const LONG: usize = 60_000;

pub(super) const SITUATIONS: [Situation; 9] = [
    Situation::new("`OPTIONS` that is not a preflight", |rival| {
        built(rival, &Policy::default(), |layered| {
            Ok(reached(&send(layered, cross_origin(Method::OPTIONS, ITEMS, APP))?))
        })
    }),
    Situation::new("a preflight", |rival| {
        built(rival, &Policy::default(), |layered| {
            let answer = send(layered, preflight(APP, "PUT", &["x-a"]))?;
            let handler = if answer.handler_ran { ", handler runs" } else { "" };
            Ok(format!("{}{handler}", answer.status.as_u16()))
        })
    }),
    Situation::new("refused origin", |rival| {
        built(rival, &Policy::default(), |layered| {
            Ok(refusal(&send(layered, preflight(STRANGER, "PUT", &["x-a"]))?))
        })
    }),
    Situation::new("refused method", |rival| {
        built(rival, &Policy::default(), |layered| {
            Ok(refusal(&send(layered, preflight(APP, "DELETE", &[]))?))
        })
    }),
    Situation::new("refused header", |rival| {
        built(rival, &Policy::default(), |layered| {
            Ok(refusal(&send(layered, preflight(APP, "PUT", &["x-b"]))?))
        })
    }),
    Situation::new("`x-stainless-*`", |rival| {
        let policy = Policy { headers: Headers::List(vec!["x-stainless-*"]), ..Policy::default() };
        built(rival, &policy, |layered| {
            word(if covers(layered, &["x-stainless-os"])? { "a prefix" } else { "never matches" })
        })
    }),
    Situation::new("any header: `authorization`", |rival| {
        let policy = Policy { headers: Headers::Any, credentials: false, ..Policy::default() };
        built(rival, &policy, |layered| {
            word(if covers(layered, &["authorization"])? { "allowed" } else { "not covered" })
        })
    }),
    Situation::new("names on two lines", |rival| {
        built(rival, &Policy::default(), |layered| {
            word(if covers(layered, &["content-type", "x-a"])? { "allowed" } else { "refused" })
        })
    }),
    Situation::new("64 KiB of names", |rival| {
        built(rival, &Policy { headers: Headers::Any, ..Policy::default() }, |layered| {
            let names: Vec<_> = (0..6000).map(|number| format!("x-{number:08}")).collect();
            let answer = send(layered, preflight(APP, "PUT", &[&names.join(",")]))?;
            let echo = text(&answer.headers, &ACCESS_CONTROL_ALLOW_HEADERS);
            word(if echo.len() > LONG { "echoed" } else { "refused" })
        })
    }),
];

/// The status, and what a browser's console can report.
fn refusal(answer: &Answer) -> String {
    let is_granting = |name: &http::HeaderName| name.as_str().starts_with("access-control-");
    let told = if answer.headers.contains_key(ACCESS_CONTROL_ALLOW_ORIGIN) {
        "the lists"
    } else if answer.headers.keys().any(is_granting) {
        "all but the origin"
    } else {
        "nothing"
    };
    format!("{}, {told}", answer.status.as_u16())
}
