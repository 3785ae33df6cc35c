//! The intended differences from tower-http. Each rewrites its answer to ours.

use super::exchanges::{Answer, Exchange, Sender};
use super::policies::Origins;

const ALLOW_ORIGIN: &str = "access-control-allow-origin";
const ALLOW_CREDENTIALS: &str = "access-control-allow-credentials";
const ALLOW_METHODS: &str = "access-control-allow-methods";
const ALLOW_HEADERS: &str = "access-control-allow-headers";
const ALLOW_PRIVATE_NETWORK: &str = "access-control-allow-private-network";
const EXPOSE_HEADERS: &str = "access-control-expose-headers";
const SAFELISTED: &str = "GET, HEAD, POST";

pub(super) struct Difference {
    /// As it is in `src/docs/migrating.md`.
    pub(super) sentence: &'static str,
    /// Rewrites tower-http's answer to this crate's answer, for this one difference.
    pub(super) rewrite: fn(&Exchange, &mut Answer),
}

/// In the order of application: who gets a grant, what is granted, how it is written, `Vary`.
pub(super) const INTENDED: [Difference; 19] = [
    Difference {
        sentence: "An `OPTIONS` request that is not a preflight reaches the service.",
        rewrite: |exchange, answer| {
            if exchange.case.method == "OPTIONS" && !exchange.case.is_preflight() {
                *answer = exchange.to_get.clone();
            }
        },
    },
    Difference {
        sentence: "Two `Origin` lines are not allowed by any list or predicate.",
        rewrite: |exchange, answer| {
            if exchange.policy.origins == Origins::Some && exchange.case.sender() == Sender::Several {
                answer.headers.remove(ALLOW_ORIGIN);
            }
        },
    },
    Difference {
        sentence: "A predicate sees only serialized origins, never `null`.",
        rewrite: |exchange, answer| {
            let sender = exchange.case.sender();
            if exchange.policy.origins == Origins::Some && matches!(sender, Sender::Malformed | Sender::Null)
            {
                answer.headers.remove(ALLOW_ORIGIN);
            }
        },
    },
    Difference {
        sentence: "A single origin is named only to its own pages.",
        rewrite: |exchange, answer| {
            if exchange.policy.origins == Origins::One && exchange.is_ungranted_actual() {
                answer.headers.remove(ALLOW_ORIGIN);
            }
        },
    },
    Difference {
        sentence: "Credentials and exposed headers are granted only to allowed origins.",
        rewrite: |exchange, answer| {
            if exchange.is_ungranted_actual() {
                answer.headers.remove(ALLOW_CREDENTIALS);
                answer.headers.remove(EXPOSE_HEADERS);
            }
        },
    },
    Difference {
        sentence: "What the service grants by itself is removed where the policy does not grant it.",
        rewrite: |exchange, answer| {
            for name in [ALLOW_ORIGIN, ALLOW_CREDENTIALS, EXPOSE_HEADERS] {
                if answer.headers.get(name) == Some(&exchange.case.set_by_service(name)) {
                    answer.headers.remove(name);
                }
            }
        },
    },
    Difference {
        sentence: "A preflight of a disallowed origin is answered with 403 and grants nothing.",
        rewrite: |exchange, answer| {
            if exchange.case.is_preflight() && !exchange.is_granted_preflight() {
                refuse(answer);
            }
        },
    },
    Difference {
        sentence: "A preflight that asks for more headers than the policy could allow is answered with 403.",
        rewrite: |exchange, answer| {
            if exchange.is_granted_preflight() && exchange.case.has_too_many_names() {
                refuse(answer);
            }
        },
    },
    Difference {
        sentence: "An allowed preflight is answered with 204.",
        rewrite: |exchange, answer| {
            if exchange.is_granted_preflight() && answer.status == 200 {
                answer.status = 204;
            }
        },
    },
    Difference {
        sentence: "`Access-Control-Allow-Private-Network` is never sent.",
        rewrite: |_, answer| {
            answer.headers.remove(ALLOW_PRIVATE_NETWORK);
        },
    },
    Difference {
        sentence: "Lists have a space after each comma and no name twice, and request headers are sorted.",
        rewrite: |_, answer| {
            for name in [ALLOW_METHODS, ALLOW_HEADERS, EXPOSE_HEADERS] {
                for line in answer.headers.get_mut(name).into_iter().flatten() {
                    let mut names = Vec::new();
                    for name in line.split(',') {
                        if !names.contains(&name) {
                            names.push(name);
                        }
                    }
                    if name == ALLOW_HEADERS {
                        names.sort_unstable();
                    }
                    *line = names.join(", ");
                }
            }
        },
    },
    Difference {
        sentence: "A policy that lists no method says that `GET`, `HEAD` and `POST` are allowed.",
        rewrite: |exchange, answer| {
            if is_success(exchange, answer) {
                answer.headers.entry(ALLOW_METHODS.to_owned()).or_insert_with(|| vec![SAFELISTED.to_owned()]);
            }
        },
    },
    Difference {
        sentence: "Any method is `*`; with credentials, the requested method where a page can use it.",
        rewrite: |exchange, answer| {
            if exchange.policy.mirrors && is_success(exchange, answer) {
                let methods = match exchange.case.requested_method {
                    _ if !exchange.policy.credentials => "*",
                    [method @ ("PUT" | "PATCH" | "put" | "PROPFIND")] => method,
                    _ => SAFELISTED,
                };
                answer.headers.insert(ALLOW_METHODS.to_owned(), vec![methods.to_owned()]);
            }
        },
    },
    Difference {
        sentence: "Any header is `*`; with credentials, the requested names, those of every line.",
        rewrite: |exchange, answer| {
            if exchange.policy.mirrors && is_success(exchange, answer) {
                let headers = if exchange.policy.credentials {
                    requested_names(exchange)
                } else {
                    vec!["*".to_owned()]
                };
                // "Any" does not cover it, so our policy lists it.
                let listed = "authorization".to_owned();
                let names = if exchange.policy.credentials {
                    [vec![listed], headers]
                } else {
                    [headers, vec![listed]]
                };
                answer.headers.insert(ALLOW_HEADERS.to_owned(), vec![names.concat().join(", ")]);
            }
        },
    },
    Difference {
        sentence: "Every answer to `OPTIONS` varies by everything that makes it a preflight and tells preflights apart.",
        rewrite: |exchange, answer| {
            if exchange.case.method == "OPTIONS" {
                let mut names =
                    vec!["origin", "access-control-request-method", "access-control-request-headers"];
                names.extend(exchange.policy.varies_by_tenant.then_some("x-tenant"));
                let lines = answer.headers.entry("vary".to_owned()).or_default();
                lines.truncate(lines_of_the_service(exchange));
                lines.push(names.join(", "));
            }
        },
    },
    Difference {
        sentence: "Other responses do not vary by what only preflights have.",
        rewrite: |exchange, answer| {
            let is_mirrored = exchange.policy.mirrors && exchange.case.method != "OPTIONS";
            if let (true, Some(lines)) = (is_mirrored, answer.headers.get_mut("vary")) {
                lines.pop();
                lines.extend((exchange.policy.origins != Origins::Any).then(|| "origin".to_owned()));
                if lines.is_empty() {
                    answer.headers.remove("vary");
                }
            }
        },
    },
    Difference {
        sentence: "A policy with a single origin varies by `Origin` like one with two.",
        rewrite: |exchange, answer| {
            if exchange.policy.origins == Origins::One && exchange.case.method != "OPTIONS" {
                answer.headers.entry("vary".to_owned()).or_default().push("origin".to_owned());
            }
        },
    },
    Difference {
        sentence: "`Vary` gains what it lacks, and no name twice.",
        rewrite: |exchange, answer| {
            let from_service = lines_of_the_service(exchange);
            if let (1.., Some(lines)) = (from_service, answer.headers.get_mut("vary")) {
                let own = lines.split_off(from_service).join(", ").to_ascii_lowercase();
                let had = lines.join(",").to_ascii_lowercase();
                let has = |name: &str| had.split(',').any(|member| [name, "*"].contains(&member.trim()));
                lines
                    .extend(own.split(", ").filter(|name| !name.is_empty() && !has(name)).map(str::to_owned));
            }
        },
    },
    Difference {
        sentence: "Names in `Vary` begin with capitals.",
        rewrite: |exchange, answer| {
            let own = lines_of_the_service(exchange);
            for line in answer.headers.get_mut("vary").into_iter().flatten().skip(own) {
                *line = in_title_case(line);
            }
        },
    },
];

/// Whether it is a preflight that has not been refused for its size.
fn is_success(exchange: &Exchange, answer: &Answer) -> bool {
    exchange.is_granted_preflight() && answer.headers.contains_key(ALLOW_ORIGIN)
}

fn refuse(answer: &mut Answer) {
    answer.status = 403;
    answer.headers.retain(|name, _| name == "vary");
}

/// How many of the lines of `Vary` are not the layer's.
fn lines_of_the_service(exchange: &Exchange) -> usize {
    if exchange.case.is_preflight() { 0 } else { exchange.case.set_by_service("vary").len() }
}

/// The names that a preflight requests and that no list has, in lower case, each once, without malformed ones.
fn requested_names(exchange: &Exchange) -> Vec<String> {
    let mut names = Vec::new();
    for name in exchange.case.requested_headers.join(",").split(',') {
        let name = name.trim().to_ascii_lowercase();
        let is_name =
            !name.is_empty() && name.chars().all(|char| char.is_ascii_alphanumeric() || char == '-');
        if is_name && name != "authorization" && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn in_title_case(names: &str) -> String {
    let mut starts_word = true;
    let capitalised = names.chars().map(|char| {
        let written = if starts_word { char.to_ascii_uppercase() } else { char };
        starts_word = !char.is_ascii_alphanumeric();
        written
    });
    capitalised.collect()
}
