//! A cache in front of the layer: requests that differ only in headers that the response does not vary by have the same response,
//! for every source of policy.

#![no_main]

use http::header::{HeaderMap, HeaderName, HeaderValue, ORIGIN};
use http::{Request, StatusCode};
use libfuzzer_sys::fuzz_target;
use tower_cors::{CorsLayer, CorsPolicy};
use tower_cors_fuzz::cache::{SOURCES, another_request, reading};
use tower_cors_fuzz::case::Case;
use tower_cors_fuzz::config::Config;
use tower_cors_fuzz::{near, service};

/// Headers that the crate reads, and headers that it must not read.
const NAMES: [&str; 9] = [
    "access-control-request-method",
    "access-control-request-headers",
    "sec-fetch-site",
    "sec-fetch-mode",
    "accept",
    "authorization",
    "cookie",
    "referer",
    "x-tenant",
];

/// Values that make a difference for one of them.
const LINES: [&[&str]; 6] =
    [&[], &["PUT"], &["x-a"], &["same-origin"], &["cross-site"], &["same-origin", "same-origin"]];

/// The most policies of an input, because each takes some time.
const MAX_POLICIES: usize = 3;

fuzz_target!(|data: &[u8]| {
    let case = Case::parse(data);
    let policies: Vec<_> = case.configs().take(MAX_POLICIES).filter_map(policy).collect();
    if policies.is_empty() {
        return;
    }
    let changes = changes(&case);
    for source in SOURCES {
        let layer = source.layer(policies.clone());
        let kept = answer(&layer, &case.request, &case.response);
        let all_at_once = changes.iter().cloned();
        let each = changes.chunks(1).map(|change| another_request(&case.request, &kept.1, change.to_vec()));
        for another in each.chain([another_request(&case.request, &kept.1, all_at_once)]) {
            assert_eq!(
                answer(&layer, &another, &case.response),
                kept,
                "{source:?}: {case:#?} and {another:?}"
            );
        }
    }
});

/// A policy with a predicate that reads all headers of `vary_by`.
fn policy(config: &Config) -> Option<CorsPolicy> {
    let names: Vec<HeaderName> = config.vary_by.iter().filter_map(|name| name.parse().ok()).collect();
    let builder = config.builder();
    if names.is_empty() { builder.build().ok() } else { reading(builder, names).build().ok() }
}

/// Other values for headers; those of the case's other request come last.
fn changes(case: &Case) -> Vec<(HeaderName, Vec<HeaderValue>)> {
    let vary_by = case.configs().flat_map(|config| &config.vary_by);
    let names = NAMES.iter().copied().chain(vary_by.map(String::as_str));
    let lines = |lines: &[&'static str]| lines.iter().map(|line| HeaderValue::from_static(line)).collect();
    let usual = names
        .filter_map(|name| name.parse().ok())
        .flat_map(|name: HeaderName| LINES.map(|values| (name.clone(), lines(values))));
    let origins = near::origins(&case.config.origins).into_iter().chain(["null".to_owned(), String::new()]);
    let origins = origins.filter_map(|origin| Some((ORIGIN, vec![HeaderValue::try_from(origin).ok()?])));
    let own = case.other_headers.keys();
    let own = own.map(|name| (name.clone(), case.other_headers.get_all(name).iter().cloned().collect()));
    usual.chain(origins).chain([(ORIGIN, Vec::new())]).chain(own).collect()
}

/// All of a response: its status, its headers, and whether the service ran.
type Answer = (StatusCode, HeaderMap, bool);

fn answer(layer: &CorsLayer, request: &Request<()>, response: &HeaderMap) -> Answer {
    let (head, has_run) = service::call(layer, request.clone(), response).into_parts();
    (head.status, head.headers, has_run)
}
