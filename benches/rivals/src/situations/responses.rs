use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, HOST, VARY};
use http::{Method, Request};

use super::asked::{Outcome, Panicked, cross_origin, get, lists, preflight, reached, send, text, word};
use super::{Situation, built, by_switch};
use crate::policy::{APP, OWN, Policy, STRANGER, Switch};
use crate::service::{FAILS, GRANTS, ITEMS, Layered, NOWHERE, PANICS, VARIES};

pub(super) const SITUATIONS: [Situation; 11] = [
    Situation::new("`Vary: Origin`", |rival| {
        built(rival, &Policy::default(), |layered| {
            let varies =
                |request| send(layered, request).map(|answer| lists(&answer.headers, &VARY, "origin"));
            let [allowed, refused, without] =
                [get(ITEMS, APP), get(ITEMS, STRANGER), Request::get(ITEMS)].map(varies);
            word(match [allowed?, refused?, without?] {
                [true, true, true] => "always",
                [false, false, false] => "never",
                [true, false, false] => "if allowed",
                _ => "at times",
            })
        })
    }),
    Situation::new("the service's own `Vary`", |rival| {
        built(rival, &Policy::default(), |layered| {
            let headers = send(layered, get(VARIES, APP))?.headers;
            word(match ["accept-encoding", "accept-language"].map(|name| lists(&headers, &VARY, name)) {
                [true, true] => "kept",
                [false, false] => "lost",
                _ => "one line lost",
            })
        })
    }),
    Situation::new("the service's own `*`", |rival| {
        built(rival, &Policy::default(), |layered| {
            let answer = send(layered, get(GRANTS, STRANGER))?;
            word(match answer.headers.contains_key(ACCESS_CONTROL_ALLOW_ORIGIN) {
                true => "sent",
                false if answer.handler_ran => "removed",
                false => "never runs",
            })
        })
    }),
    Situation::new("an unknown path: 404", |rival| {
        built(rival, &Policy::default(), |layered| readable(layered, NOWHERE))
    }),
    Situation::new("an error of the handler", |rival| {
        built(rival, &Policy::default(), |layered| readable(layered, FAILS))
    }),
    Situation::new("a panic of the handler", |rival| {
        built(rival, &Policy::default(), |layered| {
            readable(layered, PANICS).or_else(|Panicked| word("no response"))
        })
    }),
    Situation::new("what a stranger is sent", |rival| {
        built(rival, &Policy::default(), |layered| {
            let answer = send(layered, get(ITEMS, STRANGER))?;
            let is_granting = |name: &http::HeaderName| name.as_str().starts_with("access-control-");
            word(if answer.headers.keys().any(is_granting) { "credentials" } else { "nothing" })
        })
    }),
    Situation::new("a stranger's `POST`", |rival| {
        by_switch(rival, Switch::Reject, |layered| post(layered, STRANGER))
    }),
    Situation::new("a same-origin `POST`", |rival| {
        by_switch(rival, Switch::Reject, |layered| post(layered, OWN))
    }),
    Situation::new("DNS rebinding", |rival| {
        by_switch(rival, Switch::ServedAt, |layered| {
            Ok(reached(&send(layered, Request::get(ITEMS).header(HOST, "stranger.test"))?))
        })
    }),
    Situation::new("private networks", |rival| {
        by_switch(rival, Switch::PrivateNetwork, |layered| {
            let request = preflight(APP, "PUT", &[]).header("access-control-request-private-network", "true");
            let answer = send(layered, request)?;
            let is_allowed = answer.headers.contains_key("access-control-allow-private-network");
            word(if is_allowed { "allowed" } else { "never" })
        })
    }),
];

/// Whether an allowed page can read what went wrong.
fn readable(layered: &dyn Layered, path: &str) -> Outcome {
    let answer = send(layered, get(path, APP))?;
    let is_readable = text(&answer.headers, &ACCESS_CONTROL_ALLOW_ORIGIN) == APP;
    word(if is_readable { "readable" } else { "unreadable" })
}

fn post(layered: &dyn Layered, origin: &str) -> Outcome {
    Ok(reached(&send(layered, cross_origin(Method::POST, ITEMS, origin))?))
}
