//! A change widens a policy if and only if the new policy allows some request more than the old one.

use std::collections::BTreeSet;

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, HeaderMap,
};
use http::{HeaderValue, Request};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use tower_cors::{CorsPolicy, Decision};

use crate::equality::{Written, written};
use crate::support::request;

const OWN: [&str; 4] =
    ["https://api.example", "https://*.own.example", "https://x.own.example", "http://localhost:*"];

/// For each own host with a page below, there is another own host: a page of the same host is same-origin, so it shows no
/// difference.
const HOSTS: [&str; 6] =
    ["api.example", "x.own.example", "y.own.example", "localhost:3000", "localhost:8080", "rebound.example"];

const ORIGINS: [&str; 8] = [
    "https://a.example",
    "https://x.b.example",
    "https://y.b.example",
    "http://c.example",
    "http://localhost",
    "http://localhost:3000",
    "null",
    "https://stranger.example",
];

const METHODS: [&str; 4] = ["PUT", "PATCH", "GET", "custom"];

/// Any other header behaves like `x-other`.
const HEADERS: [&str; 5] = ["authorization", "x-a", "x-p-q-r", "x-p-r", "x-other"];

const ANSWERED: [&str; 4] = ["x-request-id", "etag", "x-other", "expires"];

/// Enough requests to find each difference between the policies here. Each is as a browser sends it to this host, and none is from
/// one of the service's own pages.
fn requests() -> Vec<Request<String>> {
    let mut requests = Vec::new();
    for host in HOSTS {
        requests.push(request("GET", &[("host", host)]));
        for origin in ORIGINS.into_iter().filter(|origin| !origin.ends_with(host)) {
            let from = [("host", host), ("origin", origin)];
            requests.push(request("GET", &from));
            let preflight = |name, value| {
                let method = ("access-control-request-method", if name == "method" { value } else { "GET" });
                let headers = (name == "headers").then_some(("access-control-request-headers", value));
                request("OPTIONS", &from.into_iter().chain([method]).chain(headers).collect::<Vec<_>>())
            };
            requests.extend(METHODS.map(|method| preflight("method", method)));
            requests.extend(HEADERS.map(|name| preflight("headers", name)));
        }
    }
    requests
}

/// Everything that a policy allows for a request.
fn allowed(policy: &CorsPolicy, request: &Request<String>) -> BTreeSet<String> {
    let decision = policy.decide(request);
    let is_denied = decision.denial().is_some();
    let (what, headers) = match decision {
        Decision::Rejected(_) => return BTreeSet::new(),
        Decision::Preflight(_) if is_denied => return BTreeSet::new(),
        Decision::Preflight(preflight) => ("is sent", preflight.into_response(()).into_parts().0.headers),
        Decision::Actual(actual) => {
            let mut headers: HeaderMap = ANSWERED
                .iter()
                .map(|name| (name.parse().expect("a name"), HeaderValue::from_static("1")))
                .collect();
            actual.decorate(&mut headers);
            ("reaches the service", headers)
        }
        _ => unreachable!("there are three kinds of decision"),
    };
    let mut allowed = BTreeSet::from([what.to_owned()]);
    if headers.contains_key(ACCESS_CONTROL_ALLOW_ORIGIN) && !is_denied {
        allowed.insert("is read".to_owned());
        if headers.contains_key(ACCESS_CONTROL_ALLOW_CREDENTIALS) {
            allowed.insert("with credentials".to_owned());
        }
        let exposed =
            headers.get(ACCESS_CONTROL_EXPOSE_HEADERS).map_or("", |value| value.to_str().expect("ASCII"));
        let names: Vec<_> = exposed.split(", ").collect();
        let is_exposed = |name: &&str| names.contains(&"*") || names.contains(name) || *name == "expires";
        allowed.extend(ANSWERED.iter().filter(|name| is_exposed(name)).map(|name| format!("reads {name}")));
    }
    allowed
}

/// A request for which `new` allows more than `old`.
fn witness(old: &CorsPolicy, new: &CorsPolicy) -> Option<(Request<String>, Vec<String>)> {
    requests().into_iter().find_map(|request| {
        let before = allowed(old, &request);
        let more: Vec<_> = allowed(new, &request).difference(&before).cloned().collect();
        (!more.is_empty()).then_some((request, more))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn a_change_widens_exactly_if_some_request_is_allowed_more(
        left in written(),
        own in vec(select(&OWN[..]), 0..3),
        other_own in vec(select(&OWN[..]), 0..3),
        changes in vec((0..7_u8, any::<usize>(), any::<usize>()), 0..4),
        keeps_own in any::<bool>(),
    ) {
        let mut right = left.clone();
        for (kind, place, other) in changes {
            right.change(kind, place, other);
        }
        let build = |written: &Written, own| written.builder().served_at(own).build();
        let other_own = if keeps_own { own.clone() } else { other_own };
        let (Ok(old), Ok(new)) = (build(&left, own), build(&right, other_own)) else {
            return Ok(());
        };
        let change = old.difference(&new);
        let (opened, closed) = (witness(&old, &new), witness(&new, &old));
        prop_assert_eq!(change.widens(), opened.is_some(), "{}: {:?}", change, opened);
        prop_assert_eq!(new.difference(&old).widens(), closed.is_some(), "{}: {:?}", change, closed);
        prop_assert_eq!(change.entries().any(|entry| entry.closes()), closed.is_some(), "{}: {:?}", change, closed);
        prop_assert_eq!(change.is_empty(), old == new);
        // The reverse change closes what a change opens.
        let back = new.difference(&old);
        let opens = |change: &tower_cors::PolicyChange| change.entries().filter(tower_cors::ChangedEntry::opens).count();
        let closes = |change: &tower_cors::PolicyChange| change.entries().filter(tower_cors::ChangedEntry::closes).count();
        prop_assert_eq!((opens(&change), closes(&change)), (closes(&back), opens(&back)));
    }
}
