use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, ORIGIN};

use super::asked::{Outcome, get, is_credentialed, is_let_in, send, text, word};
use super::{Situation, built};
use crate::policy::{APP, Origins, Policy, STRANGER};
use crate::service::{ITEMS, Layered};

pub(super) const SITUATIONS: [Situation; 6] = [
    Situation::new("all subdomains", |rival| {
        built(rival, &Policy::of(Origins::Below("example.com")), |layered| {
            word(if is_let_in(layered, APP)? { rival.subdomains } else { "refused" })
        })
    }),
    Situation::new("an `Origin` with a path", |rival| {
        built(rival, &Policy::of(Origins::Below("example.com")), |layered| {
            let_in(layered, "https://evil.test/.example.com")
        })
    }),
    Situation::new("an `Origin` beyond ASCII", |rival| {
        built(rival, &Policy::of(Origins::Below("example.com")), |layered| {
            let_in(layered, "https://\u{e9}.example.com")
        })
    }),
    Situation::new("a public suffix", |rival| {
        built(rival, &Policy::of(Origins::Below("github.io")), |layered| {
            let_in(layered, "https://stranger.github.io")
        })
    }),
    Situation::new("two `Origin` lines", |rival| {
        built(rival, &Policy::default(), |layered| {
            let answer = send(layered, get(ITEMS, APP).header(ORIGIN, STRANGER))?;
            let is_first = text(&answer.headers, &ACCESS_CONTROL_ALLOW_ORIGIN) == APP;
            word(if is_first { "the first counts" } else { "refused" })
        })
    }),
    Situation::new("any site, as its visitor", |rival| {
        built(rival, &Policy::of(Origins::Careless), |layered| {
            let answer = send(layered, get(ITEMS, STRANGER))?;
            let is_allowed = text(&answer.headers, &ACCESS_CONTROL_ALLOW_ORIGIN) == STRANGER;
            word(if is_allowed && is_credentialed(&answer) { rival.careless } else { "no" })
        })
    }),
];

fn let_in(layered: &dyn Layered, origin: &str) -> Outcome {
    word(if is_let_in(layered, origin)? { "let in" } else { "refused" })
}
