//! The situations, each with what is asked and how the answer is put in a few words.

use std::hint::black_box;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS,
    ACCESS_CONTROL_REQUEST_METHOD, HOST, HeaderMap, HeaderName, ORIGIN, VARY,
};
use http::request::Builder;
use http::{HeaderValue, Request};

use crate::policy::{ADMIN, APP, Headers, OWN, OWN_HOST, Origins, Policy, STRANGER, Switch};
use crate::rivals::{NotBuilt, Rival};
use crate::service::{Answer, FAILS, GRANTS, ITEMS, Layered, NOWHERE, PANICS, VARIES, ask};

pub struct Situation {
    /// As the page's tables name it.
    pub name: &'static str,
    outcome: fn(&Rival) -> String,
}

impl Situation {
    pub fn outcome(&self, rival: &Rival) -> String {
        (self.outcome)(rival)
    }
}

/// Named as they are in the page.
macro_rules! situations {
    ($($name:literal => $outcome:expr,)*) => {
        pub const SITUATIONS: &[Situation] = &[$(Situation { name: $name, outcome: $outcome }),*];
    };
}

situations! {
    // A mistake in the policy.
    "`*` with credentials" => |rival| built(rival, origins(Origins::Any), |layered| {
        let answer = send(layered, get(ITEMS, STRANGER))?;
        Ok(match text(&answer.headers, &ACCESS_CONTROL_ALLOW_ORIGIN).as_str() {
            "*" => "sent",
            STRANGER if is_credentialed(&answer) => "any site may",
            _ => "nobody",
        }.to_owned())
    }),
    "trailing slash" => |rival| built(rival, origins(Origins::list(["https://app.example.com/"])), matches_app),
    "upper case" => |rival| built(rival, origins(Origins::list(["https://App.Example.com"])), matches_app),
    "`null` in the list" => |rival| built(rival, origins(Origins::list(["null"])), |layered| {
        Ok(if is_let_in(layered, "null")? { "allowed" } else { "never matches" }.to_owned())
    }),
    "an empty list" => |rival| built(rival, origins(Origins::list([])), |layered| {
        Ok(if is_let_in(layered, STRANGER)? { "everybody" } else { "nobody" }.to_owned())
    }),
    "`patch` for `PATCH`" => |rival| {
        let policy = Policy { methods: vec!["patch"], ..Policy::default() };
        built(rival, policy, |layered| {
            let answer = send(layered, preflight(APP, "PATCH", &[]))?;
            let is_named = text(&answer.headers, &ACCESS_CONTROL_ALLOW_METHODS).contains("PATCH");
            Ok(if answer.status.is_success() && is_named { "taken as `PATCH`" } else { "never matches" }.to_owned())
        })
    },
    "max-age of a year" => |rival| {
        let policy = Policy { max_age: YEAR, ..Policy::default() };
        built(rival, policy, |layered| {
            let answer = send(layered, preflight(APP, "PUT", &[]))?;
            let sent = text(&answer.headers, &ACCESS_CONTROL_MAX_AGE);
            Ok(if sent == YEAR.as_secs().to_string() { "sent" } else { "cut" }.to_owned())
        })
    },
    "three mistakes" => |rival| {
        let origins = Origins::list(["https://app.example.com/"]);
        let policy = Policy { origins, methods: vec!["patch"], max_age: YEAR, ..Policy::default() };
        match rival.build(&policy) {
            Err(NotBuilt::Error(3)) => "all named",
            Err(_) => "one named",
            Ok(_) => "none named",
        }.to_owned()
    },

    // Who is let in.
    "all subdomains" => |rival| built(rival, origins(Origins::Below("example.com")), |layered| {
        Ok(if is_let_in(layered, APP)? { rival.subdomains } else { "refused" }.to_owned())
    }),
    "`https://evil.test/.example.com`" => |rival| built(rival, origins(Origins::Below("example.com")), |layered| {
        Ok(if is_let_in(layered, "https://evil.test/.example.com")? { "let in" } else { "refused" }.to_owned())
    }),
    "an `Origin` beyond ASCII" => |rival| built(rival, origins(Origins::Below("example.com")), |layered| {
        Ok(if is_let_in(layered, "https://\u{e9}.example.com")? { "let in" } else { "refused" }.to_owned())
    }),
    "`https://*.github.io`" => |rival| built(rival, origins(Origins::Below("github.io")), |layered| {
        Ok(if is_let_in(layered, "https://stranger.github.io")? { "let in" } else { "refused" }.to_owned())
    }),
    "two `Origin` lines" => |rival| built(rival, Policy::default(), |layered| {
        let answer = send(layered, get(ITEMS, APP).header(ORIGIN, STRANGER))?;
        let first = text(&answer.headers, &ACCESS_CONTROL_ALLOW_ORIGIN) == APP;
        Ok(if first { "the first counts" } else { "refused" }.to_owned())
    }),
    "any site, as its visitor" => |rival| built(rival, origins(Origins::Careless), |layered| {
        let answer = send(layered, get(ITEMS, STRANGER))?;
        let may = text(&answer.headers, &ACCESS_CONTROL_ALLOW_ORIGIN) == STRANGER && is_credentialed(&answer);
        Ok(if may { rival.careless } else { "no" }.to_owned())
    }),

    // Preflights.
    "`OPTIONS`, no preflight" => |rival| built(rival, Policy::default(), |layered| {
        let request = Request::options(ITEMS).header(HOST, OWN_HOST).header(ORIGIN, APP);
        Ok(reached(&send(layered, request)?))
    }),
    "a preflight" => |rival| built(rival, Policy::default(), |layered| {
        let answer = send(layered, preflight(APP, "PUT", &["x-a"]))?;
        let handler = if answer.handler_ran { ", handler runs" } else { "" };
        Ok(format!("{}{handler}", answer.status.as_u16()))
    }),
    "refused origin" => |rival| built(rival, Policy::default(), |layered| {
        Ok(refusal(&send(layered, preflight(STRANGER, "PUT", &["x-a"]))?))
    }),
    "refused method" => |rival| built(rival, Policy::default(), |layered| {
        Ok(refusal(&send(layered, preflight(APP, "DELETE", &[]))?))
    }),
    "refused header" => |rival| built(rival, Policy::default(), |layered| {
        Ok(refusal(&send(layered, preflight(APP, "PUT", &["x-b"]))?))
    }),
    "`x-stainless-*`" => |rival| {
        let policy = Policy { headers: Headers::List(vec!["x-stainless-*"]), ..Policy::default() };
        built(rival, policy, |layered| {
            Ok(if covers(layered, &["x-stainless-os"])? { "a prefix" } else { "never matches" }.to_owned())
        })
    },
    "any header: `authorization`" => |rival| {
        let policy = Policy { headers: Headers::Any, credentials: false, ..Policy::default() };
        built(rival, policy, |layered| {
            Ok(if covers(layered, &["authorization"])? { "allowed" } else { "not covered" }.to_owned())
        })
    },
    "names on two lines" => |rival| built(rival, Policy::default(), |layered| {
        Ok(if covers(layered, &["content-type", "x-a"])? { "allowed" } else { "refused" }.to_owned())
    }),
    "64 KiB of names" => |rival| {
        let policy = Policy { headers: Headers::Any, ..Policy::default() };
        built(rival, policy, |layered| {
            let names: Vec<_> = (0..6000).map(|number| format!("x-{number:08}")).collect();
            let answer = send(layered, preflight(APP, "PUT", &[&names.join(",")]))?;
            let echoed = text(&answer.headers, &ACCESS_CONTROL_ALLOW_HEADERS).len();
            Ok(if echoed > 60_000 { "echoed" } else { "refused" }.to_owned())
        })
    },

    // Responses.
    "`Vary: Origin`" => |rival| built(rival, Policy::default(), |layered| {
        let varies = |request| send(layered, request).map(|answer| words(&answer.headers, &VARY).contains(&"origin".to_owned()));
        let requests = [varies(get(ITEMS, APP))?, varies(get(ITEMS, STRANGER))?, varies(Request::get(ITEMS))?];
        Ok(match requests {
            [true, true, true] => "always",
            [false, false, false] => "never",
            [true, false, false] => "if allowed",
            [true, true, false] => "for CORS alone",
            _ => "at times",
        }.to_owned())
    }),
    "the service's own `Vary`" => |rival| built(rival, Policy::default(), |layered| {
        let kept = words(&send(layered, get(VARIES, APP))?.headers, &VARY);
        let kept = ["accept-encoding", "accept-language"].map(|name| kept.contains(&name.to_owned()));
        Ok(match kept {
            [true, true] => "kept",
            [true, false] => "first line kept",
            _ => "lost",
        }.to_owned())
    }),
    "the service's own `*`" => |rival| built(rival, Policy::default(), |layered| {
        let answer = send(layered, get(GRANTS, STRANGER))?;
        let is_there = answer.headers.contains_key(ACCESS_CONTROL_ALLOW_ORIGIN);
        Ok(match (answer.handler_ran, is_there) {
            (false, _) => "never runs",
            (true, true) => "sent",
            (true, false) => "removed",
        }.to_owned())
    }),
    "a path of nobody's: 404" => |rival| built(rival, Policy::default(), |layered| readable(layered, NOWHERE)),
    "an error of the handler" => |rival| built(rival, Policy::default(), |layered| readable(layered, FAILS)),
    "a panic of the handler" => |rival| built(rival, Policy::default(), |layered| {
        Ok(readable(layered, PANICS).unwrap_or_else(|Panicked| "no response".to_owned()))
    }),
    "what a stranger is sent" => |rival| built(rival, Policy::default(), |layered| {
        let count = cors_headers(&send(layered, get(ITEMS, STRANGER))?);
        Ok(if count == 0 { "nothing" } else { "credentials" }.to_owned())
    }),
    "a stranger's `POST`" => |rival| {
        let post = |layered: &dyn Layered| Ok(reached(&send(layered, Request::post(ITEMS).header(HOST, OWN_HOST).header(ORIGIN, STRANGER))?));
        by_switch(rival, Switch::Reject, post)
    },
    "a `POST` of its own page" => |rival| {
        let post = |layered: &dyn Layered| Ok(reached(&send(layered, Request::post(ITEMS).header(HOST, OWN_HOST).header(ORIGIN, OWN))?));
        by_switch(rival, Switch::Reject, post)
    },
    "DNS rebinding" => |rival| by_switch(rival, Switch::ServedAt, |layered| {
        Ok(reached(&send(layered, Request::get(ITEMS).header(HOST, "stranger.test"))?))
    }),
    "private networks" => |rival| by_switch(rival, Switch::PrivateNetwork, |layered| {
        let request = preflight(APP, "PUT", &[]).header("access-control-request-private-network", "true");
        let answer = send(layered, request)?;
        let is_there = answer.headers.contains_key("access-control-allow-private-network");
        Ok(if is_there { "allowed" } else { "never" }.to_owned())
    }),

    // Many origins.
    "origins in a database" => |rival| built(rival, origins(Origins::LookedUp), |layered| {
        Ok(if is_let_in(layered, APP)? && !is_let_in(layered, ADMIN)? { "yes" } else { "no" }.to_owned())
    }),
    "100 000 origins" => |rival| {
        let time = |size| {
            let list = (0..size).map(|number| format!("https://{number}.example.com")).collect();
            rival.build(&origins(Origins::List(list))).map(|layered| quickest(&*layered))
        };
        match (time(10), time(100_000)) {
            (Ok(few), Ok(many)) if many > few * 10 => "grows",
            (Ok(_), Ok(_)) => "flat",
            _ => "no",
        }.to_owned()
    },
}

const YEAR: Duration = Duration::from_secs(365 * 24 * 3600);

fn origins(origins: Origins) -> Policy {
    Policy { origins, ..Policy::default() }
}

/// What a layer with this policy does, or why there is none.
fn built(rival: &Rival, policy: Policy, outcome: impl FnOnce(&dyn Layered) -> Outcome) -> String {
    match rival.build(&policy) {
        Err(NotBuilt::Absent) => "no".to_owned(),
        Err(NotBuilt::Error(_)) => "error".to_owned(),
        Err(NotBuilt::Panic) => "panic".to_owned(),
        Ok(layered) => outcome(&*layered).unwrap_or_else(|Panicked| "panic".to_owned()),
    }
}

type Outcome = Result<String, Panicked>;

struct Panicked;

/// What happens, and what happens instead with this switch.
fn by_switch(rival: &Rival, switch: Switch, outcome: impl Fn(&dyn Layered) -> Outcome) -> String {
    let plain = built(rival, Policy::default(), &outcome);
    let switched = Policy { switch: Some(switch), ..Policy::default() };
    match rival.build(&switched) {
        Err(_) => plain,
        Ok(layered) => match outcome(&*layered) {
            Ok(other) if other != plain => format!("{plain}; {other} by a switch"),
            _ => plain,
        },
    }
}

fn send(layered: &dyn Layered, request: Builder) -> Result<Answer, Panicked> {
    let request = request.body(()).expect("a request");
    catch_unwind(AssertUnwindSafe(|| ask(layered, request))).map_err(|_| Panicked)
}

fn get(path: &str, origin: &str) -> Builder {
    Request::get(path).header(HOST, OWN_HOST).header(ORIGIN, HeaderValue::from_bytes(origin.as_bytes()).expect("a value"))
}

/// Each text is a line of its own.
fn preflight(origin: &str, method: &str, names: &[&str]) -> Builder {
    let request = Request::options(ITEMS)
        .header(HOST, OWN_HOST)
        .header(ORIGIN, origin)
        .header(ACCESS_CONTROL_REQUEST_METHOD, method);
    names.iter().fold(request, |request, names| request.header(ACCESS_CONTROL_REQUEST_HEADERS, *names))
}

/// All lines of a header, in one.
fn text(headers: &HeaderMap, name: &HeaderName) -> String {
    let lines = headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
    lines.collect::<Vec<_>>().join(", ")
}

fn words(headers: &HeaderMap, name: &HeaderName) -> Vec<String> {
    text(headers, name).split(',').map(|word| word.trim().to_ascii_lowercase()).collect()
}

fn is_credentialed(answer: &Answer) -> bool {
    text(&answer.headers, &ACCESS_CONTROL_ALLOW_CREDENTIALS) == "true"
}

/// As a browser would decide for a simple request.
fn is_let_in(layered: &dyn Layered, origin: &str) -> Result<bool, Panicked> {
    let answer = send(layered, get(ITEMS, origin))?;
    let allowed = answer.headers.get_all(ACCESS_CONTROL_ALLOW_ORIGIN).iter().collect::<Vec<_>>();
    Ok(matches!(allowed[..], [allowed] if allowed == "*" || allowed.as_bytes() == origin.as_bytes()))
}

fn matches_app(layered: &dyn Layered) -> Outcome {
    Ok(if is_let_in(layered, APP)? { "matches" } else { "never matches" }.to_owned())
}

/// As a browser would decide for these request headers.
fn covers(layered: &dyn Layered, names: &[&str]) -> Result<bool, Panicked> {
    let answer = send(layered, preflight(APP, "PUT", names))?;
    let allowed = words(&answer.headers, &ACCESS_CONTROL_ALLOW_HEADERS);
    let covers = |name: &&str| {
        allowed.contains(&(*name).to_owned()) || *name != "authorization" && allowed.contains(&"*".to_owned()) && !is_credentialed(&answer)
    };
    Ok(answer.status.is_success() && names.iter().all(covers))
}

fn reached(answer: &Answer) -> String {
    if answer.handler_ran { "reaches it".to_owned() } else { answer.status.as_u16().to_string() }
}

fn cors_headers(answer: &Answer) -> usize {
    answer.headers.keys().filter(|name| name.as_str().starts_with("access-control-")).count()
}

/// The status, and whether the page's browser can name what is missing: it then has the origin's and the lists.
fn refusal(answer: &Answer) -> String {
    let status = answer.status.as_u16();
    match cors_headers(answer) {
        0 => format!("{status}, nothing"),
        _ if answer.headers.contains_key(ACCESS_CONTROL_ALLOW_ORIGIN) => format!("{status}, the lists"),
        _ => format!("{status}, all but the origin"),
    }
}

fn readable(layered: &dyn Layered, path: &str) -> Outcome {
    let answer = send(layered, get(path, APP))?;
    let is_readable = text(&answer.headers, &ACCESS_CONTROL_ALLOW_ORIGIN) == APP;
    Ok(if is_readable { "readable" } else { "unreadable" }.to_owned())
}

/// The least time that a refused request takes: what else the machine does only adds to it.
fn quickest(layered: &dyn Layered) -> Duration {
    let time = || {
        let request = get(ITEMS, STRANGER).body(()).expect("a request");
        let start = Instant::now();
        black_box(layered.call(request));
        start.elapsed()
    };
    (0..20).map(|_| time()).min().expect("some")
}
