//! Trust boundary: a regular expression over origins, as a configuration has it. The first line is the expression, and each other line
//! an origin.

#![no_main]

#[path = "../../src/origin/regex/tests/owners/look_alikes.rs"]
mod look_alikes;

use std::net::Ipv4Addr;

use http::{HeaderValue, Request, header::ORIGIN};
use libfuzzer_sys::fuzz_target;
use regex_lite::{Regex, RegexBuilder};
use tower_cors::{CorsPolicy, CorsPolicyBuilder, Issue, Origin, Problem, RegexProblem};
use tower_cors_fuzz::{message, without_final_newline};

use self::look_alikes::{look_alikes, registrable};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(without_final_newline(data)) else {
        return;
    };
    let mut lines = text.split('\n');
    let expression = lines.next().unwrap_or_default();
    let candidates: Vec<_> = lines.take(MAX_CANDIDATES).flat_map(with_look_alikes).collect();

    let open = builder(expression).build();
    if let Ok(policy) = &open {
        assert_another_engine_agrees(policy, expression, &candidates);
    }
    match builder(expression).allow_credentials(true).build() {
        Ok(policy) => {
            assert!(open.is_ok(), "{expression} is accepted with credentials alone");
            assert_one_owner(&policy, expression, &candidates);
        }
        Err(error) => {
            for issue in error.issues() {
                assert_reason_is_true(open.as_ref().ok(), expression, issue);
            }
        }
    }
});

const MAX_CANDIDATES: usize = 16;

fn builder(expression: &str) -> CorsPolicyBuilder {
    CorsPolicy::builder().allow_origin_regex(expression)
}

fn allows(policy: &CorsPolicy, origin: &str) -> bool {
    let Ok(value) = HeaderValue::from_str(origin) else {
        return false;
    };
    let mut request = Request::new(());
    request.headers_mut().insert(ORIGIN, value);
    policy.decide(&request).denial().is_none()
}

/// An origin with its neighbours: a name and a subdomain of the same owner, and names of others.
fn with_look_alikes(line: &str) -> Vec<String> {
    let Ok(origin) = Origin::parse(line) else {
        return vec![line.to_owned()];
    };
    let (scheme, host) = (origin.scheme(), origin.host());
    let own = [line.to_owned(), format!("{scheme}://evil{host}"), format!("{scheme}://evil.{host}")];
    own.into_iter().chain(look_alikes(&origin)).collect()
}

/// An engine of another kind, with a parser of its own, which knows no Unicode either.
fn assert_another_engine_agrees(policy: &CorsPolicy, expression: &str, candidates: &[String]) {
    let Some(other) = other_engine(expression) else {
        return;
    };
    for origin in candidates {
        let matches = Origin::parse(origin).is_ok() && other.is_match(origin);
        assert_eq!(allows(policy, origin), matches, "{expression} and {origin}");
    }
}

fn other_engine(expression: &str) -> Option<Regex> {
    // In the flag `x`, a comment would run over what is put behind it.
    if expression.contains('#') {
        return None;
    }
    RegexBuilder::new(&format!(r"\A(?:{expression})\z")).size_limit(1 << 18).build().ok()
}

/// With credentials, whatever else an expression matches belongs to one owner, and is encrypted.
fn assert_one_owner(policy: &CorsPolicy, expression: &str, candidates: &[String]) {
    let allowed = candidates.iter().filter(|origin| allows(policy, origin));
    let origins: Vec<_> =
        allowed.filter_map(|origin| Origin::parse(origin).ok()).filter(|origin| !is_local(origin)).collect();
    for origin in &origins {
        assert_ne!(origin.scheme(), "http", "{expression} lets in {origin}");
        let owner = |origin: &Origin<'_>| (origin.scheme().to_owned(), registrable(origin.host()).to_owned());
        assert_eq!(owner(origin), owner(&origins[0]), "{expression} lets in {origin} and {}", origins[0]);
    }
}

/// On the visitor's own machine.
fn is_local(origin: &Origin<'_>) -> bool {
    let host = origin.host().trim_end_matches('.');
    let is_loopback = || host.parse().is_ok_and(|address: Ipv4Addr| address.is_loopback());
    host == "localhost" || host.ends_with(".localhost") || host == "[::1]" || is_loopback()
}

/// The origin that a message shows is really let in, and the suggestion is accepted.
fn assert_reason_is_true(open: Option<&CorsPolicy>, expression: &str, issue: &Issue) {
    message::assert_is_fit_for_a_log(issue);
    let Problem::Regex(problem) = issue.problem() else {
        panic!("{expression}: {issue}");
    };
    if let RegexProblem::Insecure { also, .. }
    | RegexProblem::Strangers { also, .. }
    | RegexProblem::PublicSuffix { also, .. }
    | RegexProblem::AnyOrigin { also, .. } = problem
    {
        assert!(open.is_some_and(|policy| allows(policy, also)), "{expression} does not let in {also}");
    }
    if let Some(suggestion) = issue.suggestion() {
        let suggested = builder(suggestion).allow_credentials(true).build();
        assert!(suggested.is_ok(), "{suggestion} for {expression}: {suggested:?}");
    }
}
