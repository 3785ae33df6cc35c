//! Two policies are equal if and only if no request gets a different answer.

use std::collections::BTreeSet;
use std::time::Duration;

use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_EXPOSE_HEADERS, HeaderMap,
    HeaderName, VARY,
};
use http::{HeaderValue, Request, StatusCode};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use tower_cors::{CorsPolicy, CorsPolicyBuilder, Decision, Denial};

use crate::support::{assert_rows, built, preflight_from, request};

fn app() -> CorsPolicyBuilder {
    CorsPolicy::builder().allow_origin("https://app.example.com")
}

#[test]
fn what_decides_nothing_makes_no_difference() {
    let any = || CorsPolicy::builder().allow_any_origin();
    let predicate = CorsPolicy::builder().allow_origin_if(|origin, _| origin.host() == "a.example");
    let cases = [
        (
            "the order of origins",
            app().allow_origin("https://b.example"),
            CorsPolicy::builder().allow_origins(["https://b.example", "https://app.example.com"]),
        ),
        ("an origin that is given twice", app().allow_origin("https://app.example.com"), app()),
        (
            "an origin that a wildcard covers",
            app().allow_origins(["https://*.b.example", "https://a.b.example"]),
            app().allow_origin("https://*.b.example"),
        ),
        ("an origin beside any", any().allow_origin("https://app.example.com"), any()),
        (
            "the order of methods",
            app().allow_methods(["PUT", "PATCH"]),
            app().allow_methods(["PATCH", "PUT"]),
        ),
        ("a method beside any", app().allow_methods(["PUT", "*"]), app().allow_any_method()),
        ("a safelisted method", app().allow_methods(["GET", "POST"]), app()),
        (
            "the order of headers",
            app().allow_headers(["x-b", "x-p-*", "x-a"]),
            app().allow_headers(["x-a", "x-b", "x-p-*"]),
        ),
        ("the case of headers", app().allow_headers(["X-A"]), app().allow_headers(["x-a"])),
        (
            "a prefix that another covers",
            app().allow_headers(["x-p-*", "x-p-q-*"]),
            app().allow_headers(["x-p-*"]),
        ),
        (
            "the order of exposed headers",
            app().expose_headers(["x-b", "X-A"]),
            app().expose_headers(["X-A", "x-b"]),
        ),
        (
            "a safelisted exposed header",
            app().expose_headers(["Content-Type", "x-a"]),
            app().expose_headers(["x-a"]),
        ),
        ("the order of what a predicate reads", app().vary_by(["x-a", "x-b"]), app().vary_by(["x-b", "x-a"])),
        ("a name that is in `Vary` anyway", app().vary_by(["Origin"]), app()),
        (
            "a part of a second",
            app().max_age(Duration::from_millis(600_500)),
            app().max_age(Duration::from_secs(600)),
        ),
        ("the status that is the default", app().preflight_status(StatusCode::NO_CONTENT), app()),
        (
            "the order of expressions, and one that is given twice",
            app()
                .allow_origin_regex("https://b")
                .allow_origin_regex("https://c")
                .allow_origin_regex("https://b"),
            app().allow_origin_regex("https://c").allow_origin_regex("https://b"),
        ),
        ("an expression beside any", any().allow_origin_regex("https://b"), any()),
        ("the switch for insecure origins", app().dangerously_allow_insecure_origins(true), app()),
        ("the switch for public suffixes", app().dangerously_allow_public_suffixes(true), app()),
        ("the switch for `null` beside any", any().dangerously_allow_null_origin(true), any()),
        (
            "`null` beside its switch",
            app().dangerously_allow_null_origin(true).allow_origin("null"),
            app().dangerously_allow_null_origin(true),
        ),
        ("a predicate beside any", predicate.clone().allow_any_origin(), any()),
        ("its own predicate", predicate.clone(), predicate),
        (
            "the order of the own origins, and one that a wildcard covers",
            app().served_at(["https://x.b.example", "https://*.b.example", "http://localhost:3000"]),
            app().served_at(["http://localhost:3000", "https://*.b.example"]),
        ),
    ];
    assert_rows(cases.map(|(case, left, right)| {
        let [left, right] = [left, right].map(built);
        (case, [left == right, right == left], [true, true])
    }));
}

#[test]
fn what_decides_something_makes_a_difference() {
    let predicate = || CorsPolicy::builder().allow_origin_if(|origin, _| origin.host() == "a.example");
    let cases = [
        ("an origin", app().allow_origin("https://b.example")),
        ("an expression", app().allow_origin_regex("https://b\\.example")),
        ("any origin", app().allow_any_origin()),
        ("a predicate", app().allow_origin_if(|_, _| true)),
        ("the origin `null`", app().dangerously_allow_null_origin(true)),
        ("credentials", app().allow_credentials(true)),
        ("rejection", app().reject_disallowed_origins(true)),
        ("an own origin", app().served_at(["https://a.example"])),
        ("a method", app().allow_methods(["PUT"])),
        ("any method", app().allow_any_method()),
        ("a header", app().allow_headers(["x-a"])),
        ("a header that is safelisted for some values", app().allow_headers(["content-type"])),
        ("a prefix", app().allow_headers(["x-a*"])),
        ("an exposed header", app().expose_headers(["x-a"])),
        ("all exposed headers", app().expose_all_headers()),
        ("a max-age", app().max_age(Duration::ZERO)),
        ("a status", app().preflight_status(StatusCode::OK)),
        ("what a predicate reads", app().vary_by(["x-a"])),
    ];
    let base = built(app());
    assert_rows(cases.map(|(case, other)| {
        let other = built(other);
        (case, [base == other, other == base], [false, false])
    }));
    assert_ne!(built(predicate()), built(predicate()), "nobody knows whether two functions do the same");
}

/// A policy as it is written, to be changed.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    lists: [Vec<&'static str>; 5],
    switches: [bool; 5],
    max_age: Option<u64>,
    status: Option<u16>,
}

const VALUES: [&[&str]; 5] = [
    &[
        "https://a.example",
        "https://x.b.example",
        "https://*.b.example",
        "http://c.example",
        "http://localhost:*",
        "http://localhost:3000",
        "null",
        "*",
    ],
    &["PUT", "PATCH", "GET", "HEAD", "*"],
    &["authorization", "x-a", "X-A", "x-p-*", "X-P-Q-*", "*"],
    &["x-request-id", "ETag", "etag", "Content-Type", "expires", "*"],
    &["x-tenant", "X-Region", "Origin"],
];

impl Written {
    fn build(&self) -> Option<CorsPolicy> {
        self.builder().build().ok()
    }

    pub(crate) fn builder(&self) -> CorsPolicyBuilder {
        let [origins, methods, headers, exposed, vary_by] = &self.lists;
        let [credentials, reject, insecure, suffixes, null] = self.switches;
        let mut builder = CorsPolicy::builder()
            .allow_origins(origins)
            .allow_credentials(credentials)
            .allow_methods(methods)
            .allow_headers(headers)
            .expose_headers(exposed)
            .vary_by(vary_by)
            .reject_disallowed_origins(reject)
            .dangerously_allow_insecure_origins(insecure)
            .dangerously_allow_public_suffixes(suffixes)
            .dangerously_allow_null_origin(null);
        if let Some(seconds) = self.max_age {
            builder = builder.max_age(Duration::from_secs(seconds));
        }
        if let Some(status) = self.status {
            builder = builder.preflight_status(StatusCode::from_u16(status).expect("a status"));
        }
        builder
    }

    /// Values that may or may not make a difference.
    pub(crate) fn change(&mut self, kind: u8, place: usize, other: usize) {
        let list = &mut self.lists[place % 5];
        let values = VALUES[place % 5];
        match kind {
            0 => list.reverse(),
            1 => list.push(values[other % values.len()]),
            2 if !list.is_empty() => drop(list.remove(other % list.len())),
            3 if !list.is_empty() => list.push(list[other % list.len()]),
            4 => self.switches[place % 5] ^= true,
            5 => self.max_age = [None, Some(0), Some(600)][other % 3],
            6 => self.status = [None, Some(200), Some(204)][other % 3],
            _ => {}
        }
    }
}

pub(crate) fn written() -> impl Strategy<Value = Written> {
    let list = |index: usize| vec(select(VALUES[index]), 0..4);
    (
        [list(0), list(1), list(2), list(3), list(4)],
        any::<[bool; 5]>(),
        option::of(select(&[0_u64, 600][..])),
        option::of(select(&[200_u16, 204][..])),
    )
        .prop_map(|(lists, switches, max_age, status)| Written { lists, switches, max_age, status })
}

/// A browser's conclusion, the status if the service does not run, and the headers: without the order of lists, and without values
/// that are allowed anyway.
type Told = (Option<Denial>, Option<StatusCode>, Vec<(String, BTreeSet<String>)>);

fn told(policy: &CorsPolicy, request: &Request<String>) -> Told {
    let decision = policy.decide(request);
    let denial = decision.denial().copied();
    let (status, headers) = match decision {
        Decision::Preflight(preflight) => split(preflight.into_response(())),
        Decision::Rejected(rejected) => split(rejected.into_response(())),
        Decision::Actual(actual) => {
            let mut headers =
                HeaderMap::from_iter([(HeaderName::from_static("etag"), HeaderValue::from_static("1"))]);
            actual.decorate(&mut headers);
            (None, headers)
        }
        _ => unreachable!("there are three kinds of decision"),
    };
    let mut told = Vec::new();
    for (name, value) in &headers {
        let is_list =
            [ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_EXPOSE_HEADERS, VARY]
                .contains(name);
        let value = value.to_str().expect("ASCII").to_ascii_lowercase();
        let there_anyway = ["get", "head", "post", "content-type", "expires"];
        let members: BTreeSet<_> = if is_list {
            value.split(", ").filter(|member| !there_anyway.contains(member)).map(str::to_owned).collect()
        } else {
            BTreeSet::from([value])
        };
        if !members.is_empty() {
            told.push((name.to_string(), members));
        }
    }
    told.sort();
    (denial, status, told)
}

fn split(response: http::Response<()>) -> (Option<StatusCode>, HeaderMap) {
    let (parts, ()) = response.into_parts();
    (Some(parts.status), parts.headers)
}

/// Enough requests to find each difference between policies with those values.
fn requests() -> Vec<Request<String>> {
    let origins = [
        "https://a.example",
        "https://x.b.example",
        "https://y.b.example",
        "http://c.example",
        "http://localhost",
        "http://localhost:3000",
        "null",
        "https://stranger.example",
    ];
    let names = ["authorization", "x-a", "x-p-q-r", "x-p-r", "x-other"];
    let mut requests = vec![request::<&str>("GET", &[])];
    for origin in origins {
        requests.push(request("GET", &[("origin", origin)]));
        requests.extend(["PUT", "PATCH", "GET", "custom"].map(|method| preflight_from(origin, method)));
        requests.extend(names.map(|name| {
            let mut request = preflight_from(origin, "GET");
            request.headers_mut().insert("access-control-request-headers", HeaderValue::from_static(name));
            request
        }));
    }
    requests
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn policies_are_equal_exactly_if_no_request_tells_them_apart(
        left in written(),
        changes in vec((0..7_u8, any::<usize>(), any::<usize>()), 0..4),
    ) {
        let mut right = left.clone();
        for (kind, place, other) in changes {
            right.change(kind, place, other);
        }
        let (Some(one), Some(other)) = (left.build(), right.build()) else {
            return Ok(());
        };
        let apart = requests().into_iter().find(|request| told(&one, request) != told(&other, request));
        prop_assert_eq!(one == other, apart.is_none(), "{:?}\n{:?}\n{:?}", left, right, apart);
        prop_assert_eq!(other == one, one == other);
        // `to_builder` returns the configured values, not those of an equal policy.
        prop_assert_eq!(one.to_builder().build().map(|again| (again.to_builder(), again)), Ok((one.to_builder(), one)));
    }
}
