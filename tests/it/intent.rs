//! Random policies and random pages: a page is allowed if and only if the builder's lists allow it.
//!
//! The lists are read here as a person reads them, one by one, with string comparisons only, and without anything
//! that `build` compiles.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use http::Response;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use tower::Layer as _;
use tower_cors::browser::{Browser, Credentials, FetchError, Preflight, Request};
use tower_cors::{CorsLayer, CorsPolicy};

const SERVER: &str = "https://api.example.com";

const PAGES: [&str; 16] = [
    "https://app.example.com",
    "https://x.app.example.com",
    "https://y.x.app.example.com",
    "https://evilapp.example.com",
    "https://app.example.com.evil.test",
    "https://app.example.com:8443",
    "https://x.app.example.com:8443",
    "http://app.example.com",
    "http://localhost:3000",
    "http://localhost",
    "http://127.0.0.1:3000",
    "https://[2001:db8::1]",
    "https://xn--bcher-kva.example",
    "moz-extension://8c5a1f3e",
    "null",
    SERVER,
];

const PATTERNS: [&str; 14] = [
    "https://app.example.com",
    "https://app.example.com",
    "https://app.example.com:*",
    "https://*.app.example.com",
    "https://*.example.com",
    "https://*.example.com:*",
    "http://app.example.com",
    "http://localhost:3000",
    "http://localhost:*",
    "http://127.0.0.1:*",
    "https://[2001:db8::1]",
    "https://xn--bcher-kva.example",
    "moz-extension://*",
    "*",
];

const METHODS: [&str; 8] = ["GET", "HEAD", "POST", "PUT", "put", "PATCH", "patch", "custom"];
const LISTED_METHODS: [&str; 6] = ["GET", "PUT", "PUT", "PATCH", "custom", "*"];

/// Names and values; the first three need no preflight.
const HEADERS: [(&str, &str); 8] = [
    ("accept", "application/json"),
    ("content-type", "text/plain"),
    ("accept-language", "de"),
    ("content-type", "application/json"),
    ("Authorization", "Bearer t"),
    ("x-a", "1"),
    ("x-stainless-os", "Linux"),
    ("X-Stainless", "1"),
];
const LISTED_HEADERS: [&str; 7] =
    ["Content-Type", "authorization", "X-A", "x-stainless-*", "x-*", "auth*", "*"];

/// The settings that a policy is built from.
#[derive(Debug, Clone)]
struct Written {
    origins: Vec<&'static str>,
    methods: Vec<&'static str>,
    headers: Vec<&'static str>,
    exposes: Option<&'static str>,
    credentials: bool,
    null: bool,
    max_age: Option<u64>,
}

/// A page's request.
#[derive(Debug, Clone)]
struct Asked {
    page: &'static str,
    method: &'static str,
    headers: Vec<(&'static str, &'static str)>,
    credentials: Credentials,
}

impl Written {
    /// `None`: `build` must refuse it.
    fn build(&self) -> Option<CorsPolicy> {
        let mut builder = CorsPolicy::builder()
            .allow_origins(&self.origins)
            .allow_methods(&self.methods)
            .allow_headers(&self.headers)
            .expose_headers(self.exposes)
            .allow_credentials(self.credentials)
            .dangerously_allow_null_origin(self.null)
            .dangerously_allow_insecure_origins(true)
            .dangerously_allow_public_suffixes(true);
        if let Some(seconds) = self.max_age {
            builder = builder.max_age(Duration::from_secs(seconds));
        }
        builder.build().ok()
    }

    /// Whether the policy allows it, apart from credentials.
    fn covers(&self, asked: &Asked) -> bool {
        self.allows_origin(asked.page)
            && self.allows_method(asked.method())
            && asked.unsafe_headers().all(|name| self.allows_header(&name))
    }

    fn allows(&self, asked: &Asked) -> bool {
        let credentials = asked.credentials != Credentials::Include || self.credentials;
        asked.is_same_origin() || self.covers(asked) && credentials
    }

    fn allows_origin(&self, page: &str) -> bool {
        if page == "null" {
            return self.null || self.origins.contains(&"*");
        }
        self.origins.iter().any(|pattern| {
            let (Some((scheme, host, port)), Some((page_scheme, page_host, page_port))) =
                (parts(pattern), parts(page))
            else {
                return *pattern == "*";
            };
            let host_fits = match host.strip_prefix('*') {
                Some(suffix) => page_host.len() > suffix.len() && page_host.ends_with(suffix),
                None => page_host == host,
            };
            scheme == page_scheme && host_fits && (port == "*" || port == page_port)
        })
    }

    fn allows_method(&self, method: &str) -> bool {
        ["GET", "HEAD", "POST", "*"].iter().chain(&self.methods).any(|listed| *listed == method)
            || self.methods.contains(&"*")
    }

    fn allows_header(&self, name: &str) -> bool {
        self.headers.iter().any(|listed| match listed.to_lowercase().split_once('*') {
            Some((prefix, _)) => name != "authorization" && name.starts_with(prefix),
            None => listed.eq_ignore_ascii_case(name),
        })
    }

    /// How many seconds a preflight is cached by the browser with the lowest limit.
    fn remembered(&self) -> u64 {
        self.max_age.unwrap_or(5).min(600)
    }
}

/// Scheme, host and port; the port is empty if it is the default.
fn parts(origin: &str) -> Option<(&str, &str, &str)> {
    let (scheme, authority) = origin.split_once("://")?;
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port),
        _ => (authority, ""),
    };
    Some((scheme, host, port))
}

impl Asked {
    fn is_same_origin(&self) -> bool {
        self.page == SERVER
    }

    /// As browsers send it.
    fn method(&self) -> &'static str {
        if self.method == "put" { "PUT" } else { self.method }
    }

    fn unsafe_headers(&self) -> impl Iterator<Item = String> {
        self.headers
            .iter()
            .filter(|header| !HEADERS[..3].contains(header))
            .map(|(name, _)| name.to_lowercase())
    }

    fn needs_preflight(&self) -> bool {
        let is_simple = ["GET", "HEAD", "POST"].contains(&self.method());
        !self.is_same_origin() && (!is_simple || self.unsafe_headers().next().is_some())
    }

    fn request(&self) -> Request {
        let request = Request::new(self.method, "/").credentials(self.credentials);
        self.headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))
    }
}

fn written() -> impl Strategy<Value = Written> {
    let lists = (
        vec(select(&PATTERNS[..]), 1..4),
        vec(select(&LISTED_METHODS[..]), 0..4),
        vec(select(&LISTED_HEADERS[..]), 0..4),
        option::of(select(&["X-Seen", "x-other", "*"][..])),
    );
    let max_age = option::of(prop_oneof![Just(0_u64), 1..1000_u64, Just(86_400)]);
    (lists, any::<bool>(), any::<bool>(), max_age).prop_map(
        |((origins, methods, headers, exposes), credentials, null, max_age)| Written {
            origins,
            methods,
            headers,
            exposes,
            credentials,
            null,
            max_age,
        },
    )
}

fn asked() -> impl Strategy<Value = Asked> {
    let credentials = select(vec![Credentials::Omit, Credentials::SameOrigin, Credentials::Include]);
    let headers = vec(select(&HEADERS[..]), 0..3).prop_map(|mut headers| {
        // Two values of one header make a different value, which would need its own rules here.
        headers.sort_by_key(|(name, _)| *name);
        headers.dedup_by_key(|(name, _)| *name);
        headers
    });
    (select(&PAGES[..]), select(&METHODS[..]), headers, credentials)
        .prop_map(|(page, method, headers, credentials)| Asked { page, method, headers, credentials })
}

fn policy_and_request() -> impl Strategy<Value = (Written, CorsPolicy, Asked)> {
    let policy =
        written().prop_filter_map("a policy", |written| written.build().map(|policy| (written, policy)));
    (policy, asked()).prop_map(|((written, policy), asked)| (written, policy, asked))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_page_is_allowed_exactly_when_the_lists_say_so((written, policy, asked) in policy_and_request()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(check(&written, &policy, &asked))?;
    }
}

async fn check(written: &Written, policy: &CorsPolicy, asked: &Asked) -> Result<(), TestCaseError> {
    let (runs, denials) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (count_run, count_denial) = (Arc::clone(&runs), Arc::clone(&denials));
    let layer = CorsLayer::from(policy).on_denial(move |_, _| {
        count_denial.fetch_add(1, Ordering::Relaxed);
    });
    let mut app = layer.layer(tower::service_fn(move |_: http::Request<String>| {
        count_run.fetch_add(1, Ordering::Relaxed);
        async { Ok::<_, Infallible>(Response::builder().header("x-seen", "1").body(()).expect("a response")) }
    }));
    let mut browser = Browser::at(asked.page).server(SERVER);
    let first = browser.fetch(&mut app, asked.request()).await;

    let is_allowed = written.allows(asked);
    prop_assert_eq!(first.is_ok(), is_allowed, "{:?}", first);
    let is_denied = !asked.is_same_origin() && !written.covers(asked);
    prop_assert_eq!(denials.load(Ordering::Relaxed), usize::from(is_denied));
    let runs_once = is_allowed || !asked.needs_preflight();
    prop_assert_eq!(runs.load(Ordering::Relaxed), usize::from(runs_once));

    let sent = if asked.needs_preflight() { Preflight::Sent } else { Preflight::NotNeeded };
    let response = match first {
        Ok(response) => response,
        Err(FetchError::Blocked(blocked)) => {
            prop_assert_eq!(blocked.preflight(), sent);
            return Ok(());
        }
        Err(error) => return Err(TestCaseError::fail(error.to_string())),
    };
    prop_assert_eq!(response.preflight(), sent);
    let is_exposed = written.exposes.is_some_and(|name| name == "*" || name.eq_ignore_ascii_case("x-seen"));
    prop_assert_eq!(response.header("x-seen").is_some(), is_exposed || asked.is_same_origin());

    if sent == Preflight::Sent {
        // Until the last second, but no longer.
        let mut expected = vec![(written.remembered(), Preflight::Sent)];
        if written.remembered() > 0 {
            expected = vec![(written.remembered() - 1, Preflight::Cached), (1, Preflight::Sent)];
        }
        for (seconds, preflight) in expected {
            browser.advance(Duration::from_secs(seconds));
            let again = browser.fetch(&mut app, asked.request()).await;
            prop_assert_eq!(again.map(|response| response.preflight()).ok(), Some(preflight));
        }
    }
    Ok(())
}

#[test]
fn random_pages_are_allowed_often_and_refused_often() {
    let mut runner = TestRunner::deterministic();
    let (mut allowed, mut refused, mut preflighted) = (0, 0, 0);
    for _ in 0..1_000 {
        let (written, _, asked) = policy_and_request().new_tree(&mut runner).expect("a value").current();
        let is_allowed = written.allows(&asked);
        allowed += i32::from(is_allowed);
        refused += i32::from(!is_allowed);
        preflighted += i32::from(is_allowed && asked.needs_preflight());
    }
    assert!(allowed > 100 && refused > 100 && preflighted > 30, "{allowed} {refused} {preflighted}");
}
