//! Attacks in `Origin`.

use std::collections::BTreeSet;
use std::convert::Infallible;

use futures_util::FutureExt as _;
use http::header::{ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN, ORIGIN, VARY};
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode};
use libtest_mimic::Failed;
use serde::Deserialize as _;
use toml::{Table, Value};
use tower::{Layer as _, ServiceExt as _};
use tower_cors::{CorsLayer, CorsPolicy, CorsPolicyBuilder, Denial};

use super::format::Origins;
use super::notation::bytes;
use super::{ATTACKS, Attack};
use crate::ensure;

/// The longest explanation of one of these requests, under one of these policies.
const MAX_EXPLANATION_LEN: usize = 4096;

/// The denial of origins that every policy refuses.
const MALFORMED: &str = "malformed-origin";

impl Attack for Origins {
    fn class(&self) -> &str {
        &self.class
    }

    fn seen(&self) -> &[String] {
        &self.seen
    }

    fn refused(&self) -> usize {
        self.refused.len() + self.unsendable.len()
    }

    fn allowed(&self) -> usize {
        self.allowed.len()
    }

    fn wrong(&self) -> Vec<String> {
        let named = self.policies.iter().flat_map(|name| self.wrong_under(name, true));
        let is_malformed = self.denial.as_deref() == Some(MALFORMED);
        let others = ATTACKS.policies.keys().filter(|name| is_malformed && !self.policies.contains(name));
        let others = others.flat_map(|name| self.wrong_under(name, false));
        let sendable = self.unsendable.iter().filter(|value| HeaderValue::from_bytes(&bytes(value)).is_ok());
        named.chain(others).chain(sendable.map(|value| format!("a header can hold {value:?}"))).collect()
    }
}

impl Origins {
    /// The allowed origins are sent both before and after the refused ones.
    fn wrong_under(&self, name: &str, is_named: bool) -> Vec<String> {
        let policy = Policy::called(name);
        let allowed: &[String] = if is_named { &self.allowed } else { &[] };
        let denial = self.denial.as_deref();
        let allowed_wrong =
            |text: &String| policy.wrong_if_allowed(&bytes(text)).map(|why| (text.clone(), why));
        let before = allowed.iter().filter_map(allowed_wrong);
        let refused = self.refused.iter().filter_map(|lines| {
            let sent = lines.bytes();
            let why = policy.wrong_if_refused(&sent, denial.unwrap_or_default());
            // The walk is the same under the others.
            let why = why.or_else(|| if is_named { policy.wrong_if_explained(&sent) } else { None })?;
            Some((format!("{lines:?}"), why))
        });
        let after = allowed.iter().filter_map(allowed_wrong);
        let cut = |text: String| text.chars().take(80).collect::<String>();
        before
            .chain(refused)
            .chain(after)
            .map(|(text, why)| format!("{name}: {}: {why}", cut(text)))
            .collect()
    }
}

pub(super) fn use_every_policy() -> Result<(), Failed> {
    let used: BTreeSet<_> = ATTACKS.used_policies().collect();
    let defined: BTreeSet<_> = ATTACKS.policies.keys().collect();
    ensure(used == defined, || format!("used: {used:?}\ndefined: {defined:?}"))
}

/// A policy of the file.
struct Policy {
    compiled: CorsPolicy,
    has_credentials: bool,
    /// The answers to an empty origin, which every policy refuses, in a preflight and in another request. Any other refused
    /// origin must get the same answers.
    least: [Response<()>; 2],
}

/// The second one is a preflight.
const METHODS: [&str; 2] = ["GET", "OPTIONS"];

impl Policy {
    fn called(name: &str) -> Self {
        let rules = ATTACKS.policies.get(name).unwrap_or_else(|| panic!("no policy is called {name}"));
        let has_credentials = rules.get("allow_credentials").and_then(Value::as_bool).unwrap_or_default();
        let compiled = build(name, rules.clone());
        let least = METHODS.map(|method| answer(&compiled, request(method, &[Vec::new()])));
        Self { compiled, has_credentials, least }
    }

    fn wrong_if_allowed(&self, origin: &[u8]) -> Option<String> {
        let lines = [origin.to_vec()];
        for method in METHODS {
            let request = request(method, &lines);
            if let Some(denial) = self.compiled.decide(&request).denial() {
                return Some(format!("{method}: refused: {}", denial.kind()));
            }
            let response = answer(&self.compiled, request);
            let headers = response.headers();
            let granted: Vec<_> = headers.get_all(ACCESS_CONTROL_ALLOW_ORIGIN).iter().collect();
            if granted != [origin] {
                return Some(format!("{method}: granted to {granted:?}"));
            }
            let credentials: Vec<_> = headers.get_all(ACCESS_CONTROL_ALLOW_CREDENTIALS).iter().collect();
            let expected: &[&str] = if self.has_credentials { &["true"] } else { &[] };
            if credentials != expected {
                return Some(format!("{method}: credentials {credentials:?}"));
            }
            if let Some(wrong) = wrong_in_any(method, headers) {
                return Some(wrong);
            }
        }
        None
    }

    fn wrong_if_refused(&self, lines: &[Vec<u8>], denial: &str) -> Option<String> {
        for (method, least) in METHODS.into_iter().zip(&self.least) {
            let request = request(method, lines);
            let seen = self.compiled.decide(&request).denial().map(Denial::kind);
            if seen != Some(denial) {
                return Some(format!("{method}: {seen:?} instead of {denial}"));
            }
            let response = answer(&self.compiled, request);
            let status = if method == "OPTIONS" { StatusCode::FORBIDDEN } else { StatusCode::OK };
            let has_cors = response.headers().keys().any(|name| name.as_str().starts_with("access-control-"));
            if response.headers() != least.headers() || response.status() != status || has_cors {
                return Some(format!("{method}: {response:?} instead of {least:?}"));
            }
            if let Some(wrong) = wrong_in_any(method, response.headers()) {
                return Some(wrong);
            }
        }
        None
    }

    /// An explanation is read on a terminal and kept in logs.
    fn wrong_if_explained(&self, lines: &[Vec<u8>]) -> Option<String> {
        METHODS.into_iter().find_map(|method| {
            let explanation = self.compiled.explain(&request(method, lines)).to_string();
            let is_escaped = explanation.chars().all(|char| char == '\n' || !char.is_control());
            let is_right = is_escaped && explanation.len() <= MAX_EXPLANATION_LEN;
            (!is_right)
                .then(|| format!("{method}: explained in {} bytes: {explanation:?}", explanation.len()))
        })
    }
}

fn build(name: &str, mut rules: Table) -> CorsPolicy {
    let predicate = rules.remove("predicate");
    let builder = CorsPolicyBuilder::deserialize(rules).expect("a policy's fields");
    let builder = match predicate.as_ref().and_then(Value::as_str) {
        None => builder,
        Some("everything") => builder.allow_origin_if(|_, _| true),
        Some("hosts that end with .example.com") => {
            builder.allow_origin_if(|origin, _| origin.host().ends_with(".example.com"))
        }
        Some(other) => panic!("{name}: no predicate is called {other}"),
    };
    builder.build().unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Rules for every response: it has the right `Vary`, it keeps the service's own lines, and the service does not answer a
/// preflight.
fn wrong_in_any(method: &str, headers: &HeaderMap) -> Option<String> {
    let vary: Vec<_> = headers.get_all(VARY).iter().filter_map(|line| line.to_str().ok()).collect();
    let names = vary.join(",").to_ascii_lowercase();
    let names: Vec<_> = names.split(',').map(str::trim).collect();
    let is_own = headers.contains_key("x-own");
    let has_own = names.contains(&"accept") && names.contains(&"accept-encoding");
    let is_right = names.contains(&"origin") && (is_own == has_own) && (is_own == (method == "GET"));
    let is_private_network = headers.contains_key("access-control-allow-private-network");
    (!is_right || is_private_network).then(|| format!("{method}: {headers:?}"))
}

/// `OPTIONS` is a preflight.
fn request(method: &str, origins: &[Vec<u8>]) -> Request<()> {
    let mut request = Request::builder().method(method).uri("/");
    if method == "OPTIONS" {
        request = request
            .header("access-control-request-method", "GET")
            .header("access-control-request-private-network", "true");
    }
    let lines = origins.iter().map(Vec::as_slice);
    lines.fold(request, |request, line| request.header(ORIGIN, line)).body(()).expect("a request")
}

/// In front of a service that makes every mistake itself.
fn answer(policy: &CorsPolicy, request: Request<()>) -> Response<()> {
    let reflecting = tower::service_fn(|request: Request<()>| async move {
        let mut response = Response::new(());
        let headers = response.headers_mut();
        for origin in request.headers().get_all(ORIGIN) {
            headers.append(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        }
        headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        headers.append(VARY, HeaderValue::from_static("Accept"));
        headers.append(VARY, HeaderValue::from_static("Accept-Encoding"));
        headers.insert("x-own", HeaderValue::from_static("1"));
        Ok::<_, Infallible>(response)
    });
    let answered = CorsLayer::from(policy).layer(reflecting).oneshot(request).now_or_never();
    let Ok(response) = answered.expect("nothing waits");
    response
}
