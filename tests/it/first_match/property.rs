//! For any policies and requests, a list decides like its deciding policy.

use http::{HeaderMap, Request};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use tower_cors::{CorsLayer, CorsPolicy, Decision};

use super::{ANYONE, members};
use crate::support::{App, STRANGER, request};

/// Policies that match or nearly match the origins below, with the names that each varies by.
fn policy() -> impl Strategy<Value = (CorsPolicy, Vec<&'static str>)> {
    const PATTERNS: [&str; 6] =
        ["https://a.example", "https://b.example", "https://*.a.example", "http://localhost:*", "null", "*"];
    let switches = (any::<bool>(), any::<bool>(), any::<bool>());
    let lists = (
        vec(select(&PATTERNS[..]), 1..3),
        vec(select(&["PUT", "PATCH", "*"][..]), 0..2),
        vec(select(&["x-a", "x-b", "*"][..]), 0..2),
        vec(select(&["x-a", "x-b", "origin"][..]), 0..3),
    );
    (lists, switches).prop_filter_map(
        "a policy",
        |((origins, methods, exposed, vary_by), (credentials, reject, predicate))| {
            let mut builder = CorsPolicy::builder()
                .allow_origins(origins)
                .allow_methods(methods)
                .expose_headers(exposed)
                .vary_by(&vary_by)
                .allow_credentials(credentials)
                .reject_disallowed_origins(reject)
                .dangerously_allow_null_origin(true);
            if predicate {
                builder = builder.allow_origin_if(|origin, _| origin.port() == Some(8443));
            }
            Some((builder.build().ok()?, vary_by))
        },
    )
}

fn any_request() -> impl Strategy<Value = Request<String>> {
    const ORIGINS: [&str; 9] = [
        "https://a.example",
        "https://b.example",
        "https://x.a.example",
        "http://localhost:3000",
        "https://c.example:8443",
        "https://A.example",
        STRANGER,
        "null",
        "",
    ];
    let origins = prop_oneof![1 => Just(Vec::new()), 8 => vec(select(&ORIGINS[..]), 1), 1 => vec(select(&ORIGINS[..]), 2)];
    let requested = proptest::option::of(select(&["PUT", "DELETE"][..]));
    (select(&["GET", "POST", "OPTIONS"][..]), origins, requested, any::<bool>()).prop_map(
        |(method, origins, requested, own)| {
            let mut headers: Vec<_> = origins.into_iter().map(|origin| ("origin", origin)).collect();
            headers.extend(requested.map(|method| ("access-control-request-method", method)));
            headers.extend(own.then_some(("sec-fetch-site", "same-origin")));
            request(method, &headers)
        },
    )
}

/// Whether a policy allows a request's origin: whether a preflight for `GET` passes.
fn allows_origin(policy: &CorsPolicy, of: &Request<String>) -> bool {
    let mut preflight = request("OPTIONS", &[("access-control-request-method", "GET")]);
    for origin in of.headers().get_all("origin") {
        preflight.headers_mut().append("origin", origin.clone());
    }
    matches!(policy.decide(&preflight), Decision::Preflight(preflight) if preflight.denial().is_none())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn a_list_decides_as_the_first_of_its_policies_that_allows_the_origin_does(
        policies in vec(policy(), 1..4),
        request in any_request(),
    ) {
        let (policies, vary_by): (Vec<_>, Vec<_>) = policies.into_iter().unzip();
        let allowing = policies.iter().find(|policy| allows_origin(policy, &request));
        let chosen = allowing.or(policies.last()).expect("one at least");
        // Each policy can reject a request that no policy allows.
        let mut rejecting = policies.iter().filter(|policy| policy.to_builder() == policy.to_builder().reject_disallowed_origins(true));
        let rejecting = rejecting.next().filter(|_| allowing.is_none());
        let by_site = rejecting.is_some() && request.headers().contains_key("origin");
        let decision = match rejecting.map(|policy| policy.decide(&request)) {
            Some(rejected @ Decision::Rejected(_)) => rejected,
            _ => chosen.decide(&request),
        };
        let is_preflight = matches!(decision, Decision::Preflight(_));
        let service = [ANYONE, ("x-a", "1"), ("vary", "Accept")];
        let (status, mut expected, runs) = match decision {
            Decision::Preflight(preflight) => {
                let response = preflight.into_response(());
                (response.status(), response.headers().clone(), 0)
            }
            Decision::Rejected(rejected) => {
                let response = rejected.into_response(());
                (response.status(), response.headers().clone(), 0)
            }
            Decision::Actual(actual) => {
                let mut headers = HeaderMap::new();
                for (name, value) in service {
                    headers.append(name, value.parse().expect("a value"));
                }
                actual.decorate(&mut headers);
                (http::StatusCode::OK, headers, 1)
            }
            _ => unreachable!("there are three kinds of decision"),
        };

        let app = App::behind(&CorsLayer::first_match(policies), &service);
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let response = runtime.block_on(app.send(request));
        prop_assert_eq!((response.status(), app.runs()), (status, runs));

        // The list adds names to `Vary`, and nothing else.
        let mut headers = response.headers().clone();
        let (vary, own_vary) = (members(&headers), members(&expected));
        let first: Vec<_> = headers.get_all("vary").iter().take(1).cloned().collect();
        headers.remove("vary");
        expected.remove("vary");
        prop_assert_eq!(&headers, &expected);
        prop_assert!(runs == 0 || first == ["Accept"], "{:?}", vary);
        let site = (by_site && !is_preflight).then(|| "sec-fetch-site".to_owned());
        let own = own_vary.into_iter().chain(["origin".to_owned()]).chain(site);
        let mut names: Vec<_> = own.chain(vary_by.into_iter().flatten().map(str::to_owned)).collect();
        names.sort();
        names.dedup();
        prop_assert_eq!(vary, names);
    }
}
