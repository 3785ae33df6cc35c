//! Advice is wise, not only effective: it allows nothing beyond the request, and sends strangers to the page, not to the policy.

use http::header::{ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HeaderValue, ORIGIN};
use http::{HeaderMap, Request};
use proptest::prelude::*;
use tower_cors::{CorsPolicy, CorsPolicyBuilder, Outcome, Remedy};

use super::mending::{apply, policy, requests};
use crate::support::{APP, allow_app, assert_rows, preflight, request};

fn remedies(policy: CorsPolicyBuilder, request: &Request<String>) -> Vec<Remedy> {
    let explanation = policy.build().expect("a policy").explain(request);
    explanation.steps().iter().flat_map(|step| step.remedies().to_vec()).collect()
}

#[test]
fn a_stranger_a_look_alike_a_typo_and_a_forbidden_name_are_fixed_in_the_page() {
    let from = |origin: &str| request("GET", &[("origin", origin)]);
    let propfind = || allow_app().allow_methods(["PROPFIND", "UNLOCK"]);
    let request_id = || allow_app().allow_headers(["x-request-id"]);
    let wildcard = || CorsPolicy::builder().allow_origin("https://*.example.com");
    let cases = [
        (allow_app(), from("https://app.exarnple.com"), vec![Remedy::ServePageAt(APP.to_owned())]),
        (wildcard(), from("https://evilexample.com"), vec![Remedy::UseAllowedOrigin]),
        (
            allow_app(),
            from("https://stranger.test"),
            vec![Remedy::UseAllowedOrigin, Remedy::AllowOrigin("https://stranger.test".to_owned())],
        ),
        (
            allow_app(),
            from("https://app.example.com:8443"),
            vec![Remedy::AllowOrigin("https://app.example.com:8443".to_owned())],
        ),
        (
            allow_app(),
            from("https://api.example.com"),
            vec![Remedy::AllowOrigin("https://api.example.com".to_owned())],
        ),
        (
            allow_app().allow_credentials(true),
            from("http://app.example.com"),
            vec![Remedy::ServePageAt(APP.to_owned())],
        ),
        (propfind(), preflight("PROPFIN", &[]), vec![Remedy::RespellMethod("PROPFIND".to_owned())]),
        (propfind(), preflight("propfind", &[]), vec![Remedy::RespellMethod("PROPFIND".to_owned())]),
        // Registered: not a typo, although `UNLOCK` is near.
        (propfind(), preflight("LOCK", &[]), vec![Remedy::AllowMethod("LOCK".to_owned())]),
        (allow_app(), preflight("*", &[]), vec![Remedy::UseAnotherMethod]),
        (request_id(), preflight("GET", &["cookie"]), vec![Remedy::LeaveOutHeader("cookie".to_owned())]),
        (request_id(), preflight("GET", &["x-*"]), vec![Remedy::LeaveOutHeader("x-*".to_owned())]),
        (request_id(), preflight("GET", &["*"]), vec![Remedy::LeaveOutHeader("*".to_owned())]),
        (request_id(), preflight("GET", &["x-a"]), vec![Remedy::AllowHeader("x-a".to_owned())]),
    ];
    assert_rows(cases.map(|(policy, request, expected)| {
        (format!("{request:.200?}"), remedies(policy, &request), expected)
    }));
}

#[test]
fn a_header_that_is_respelled_is_named_as_the_page_and_as_the_policy_has_it() {
    let policy = allow_app().allow_headers(["x-request-id"]).build().expect("a policy");
    let explanation = policy.explain(&preflight("GET", &["x-requestid"]));
    let remedies: Vec<_> = explanation.remedies().collect();
    let [Remedy::RespellHeader { name, listed, .. }] = remedies[..] else { panic!("{remedies:?}") };
    assert_eq!((name.as_str(), listed.as_str()), ("x-requestid", "x-request-id"));
}

/// Requests before and after a remedy: they must not pass because of the remedy for another request.
fn others() -> Vec<Request<()>> {
    let origins = [APP, "https://example.com", "https://stranger.example", "http://app.example.com", "null"];
    let methods = ["PUT", "patch", "PATCH", "custom", "*"];
    let headers = ["", "authorization", "x-a", "x-p-1", "x-*", "*", "y"];
    let mut requests = Vec::new();
    for origin in origins {
        for (method, header) in
            methods.iter().map(|method| (*method, "")).chain(headers.map(|header| ("GET", header)))
        {
            let request = Request::options("/").header(ORIGIN, origin);
            let request = request.header(ACCESS_CONTROL_REQUEST_METHOD, method);
            requests
                .push(request.header(ACCESS_CONTROL_REQUEST_HEADERS, header).body(()).expect("a request"));
        }
    }
    requests
}

fn passes(policy: &CorsPolicy, request: &Request<()>) -> bool {
    policy.decide(request).denial().is_none()
}

/// Whether a remedy only allows what the request needs.
fn is_about(remedy: &Remedy, request: &Request<()>) -> bool {
    let has =
        |name, value: &str| request.headers().get(name).is_some_and(|header: &HeaderValue| header == value);
    match remedy {
        Remedy::AllowOrigin(origin) | Remedy::ServeAndAllow(origin) => has(ORIGIN, origin),
        Remedy::AllowNullOrigin => has(ORIGIN, "null"),
        Remedy::AllowMethod(method) => has(ACCESS_CONTROL_REQUEST_METHOD, method),
        Remedy::AllowHeader(name) => has(ACCESS_CONTROL_REQUEST_HEADERS, name),
        _ => false,
    }
}

/// The last two labels of a host: its owner in these tests. `chrome-extension://*` covers all owners.
fn owner(origin: &str) -> String {
    if origin.starts_with("chrome-extension://") {
        return "chrome-extension://*".to_owned();
    }
    let host = origin.rsplit("//").next().unwrap_or_default().split(':').next().unwrap_or_default();
    let mut labels: Vec<_> = host.rsplit('.').take(2).collect();
    labels.reverse();
    labels.join(".")
}

proptest! {
    #[test]
    fn no_remedy_allows_more_than_the_request_asked_for(policy in policy(), request in requests()) {
        for step in policy.explain(&request).steps() {
            for remedy in step.remedies() {
                let mut headers = HeaderMap::new();
                headers.insert(ORIGIN, HeaderValue::from_static(APP));
                let Ok(changed) = apply(remedy, policy.to_builder(), &mut headers).build() else {
                    continue;
                };
                for other in others() {
                    let is_new = passes(&changed, &other) && !passes(&policy, &other);
                    prop_assert!(!is_new || is_about(remedy, &other), "{remedy} lets {other:?} pass");
                }
            }
        }
    }

    #[test]
    fn no_remedy_lets_a_stranger_in_unless_it_says_whose_site_it_has_to_be(policy in policy(), request in requests()) {
        let builder = format!("{:?}", policy.to_builder());
        for step in policy.explain(&request).steps().iter().filter(|step| step.outcome() == Outcome::Failed) {
            for (index, remedy) in step.remedies().iter().enumerate() {
                let (Remedy::AllowOrigin(origin) | Remedy::ServeAndAllow(origin)) = remedy else {
                    continue;
                };
                prop_assert!(remedy.to_string().starts_with("if this page is yours, "));
                prop_assert!(index + 1 == step.remedies().len(), "advised last");
                prop_assert!(index > 0 || builder.contains(&owner(origin)), "{remedy} comes first, for a stranger");
            }
        }
    }
}
