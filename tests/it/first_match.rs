//! `CorsLayer::first_match`: partners with credentials, everybody else without, in one layer.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use http::{Request, Response};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use tower::{Layer, ServiceExt, service_fn};
use tower_cors::{CorsLayer, CorsPolicy, Decision, Denial};

use crate::support::{
    APP, App, PREFLIGHT_VARY, SAFELISTED_METHODS, STRANGER, allow_app, assert_headers, assert_headers_of,
    assert_refused, preflight, request,
};

type Headers<'a> = &'a [(&'a str, &'a str)];

const VARY: (&str, &str) = ("vary", "Origin");

fn partners() -> CorsPolicy {
    let policy = allow_app().allow_credentials(true).allow_methods(["PUT"]).expose_headers(["x-balance"]);
    policy.build().expect("a policy")
}

fn public() -> CorsPolicy {
    CorsPolicy::builder().allow_any_origin().build().expect("a policy")
}

fn first_match(policies: impl IntoIterator<Item = CorsPolicy>) -> App {
    App::behind(&CorsLayer::first_match(policies), &[("access-control-allow-origin", "*"), ("etag", "1")])
}

#[tokio::test]
async fn partners_have_credentials_and_everybody_else_reads_anonymously() {
    let app = first_match([partners(), public()]);
    let etag = ("etag", "1");
    let any = [VARY, etag, ("access-control-allow-origin", "*")];
    let partner = [
        VARY,
        etag,
        ("access-control-allow-origin", APP),
        ("access-control-allow-credentials", "true"),
        ("access-control-expose-headers", "x-balance"),
    ];
    let cases: [(Headers<'_>, Headers<'_>); 6] = [
        (&[("origin", APP)], &partner),
        (&[("origin", STRANGER)], &any),
        (&[("origin", "null")], &any),
        // Neither is an origin that a policy allows, and `*` may be read by all of them.
        (&[("origin", "nonsense")], &any),
        (&[("origin", APP), ("origin", APP)], &any),
        (&[], &any),
    ];
    for (headers, expected) in cases {
        let response = app.send_served(request("GET", headers)).await;
        assert_headers_of(&response, expected, &format!("{headers:?}"));
    }
}

#[tokio::test]
async fn a_preflight_is_answered_by_the_policy_of_its_origin() {
    let app = first_match([partners(), public()]);
    let response = app.send_unserved(preflight("PUT", &[])).await;
    assert_eq!(response.status(), 204);
    assert_headers(
        &response,
        &[
            PREFLIGHT_VARY,
            ("access-control-allow-origin", APP),
            ("access-control-allow-credentials", "true"),
            ("access-control-allow-methods", "PUT"),
        ],
    );
    let from = |origin| request("OPTIONS", &[("origin", origin), ("access-control-request-method", "PUT")]);
    let response = app.send_unserved(from(STRANGER)).await;
    assert_eq!(response.status(), 204);
    assert_headers(&response, &[PREFLIGHT_VARY, ("access-control-allow-origin", "*"), SAFELISTED_METHODS]);
    assert_refused(&app.send_unserved(from("nonsense")).await, "a malformed origin");
}

#[tokio::test]
async fn the_order_decides() {
    let app = first_match([public(), partners()]);
    let response = app.send_served(request("GET", &[("origin", APP)])).await;
    assert_headers(&response, &[VARY, ("etag", "1"), ("access-control-allow-origin", "*")]);
    // Without an origin the last one decides, which grants nothing then.
    let response = app.send_served(request::<&str>("GET", &[])).await;
    assert_headers(&response, &[VARY, ("etag", "1")]);
}

#[tokio::test]
async fn without_any_policy_nothing_is_granted() {
    let app = first_match([]);
    let response = app.send_served(request("GET", &[("origin", APP)])).await;
    assert_headers(&response, &[VARY, ("etag", "1")]);
    assert_refused(&app.send_unserved(preflight("GET", &[])).await, "no policy");
}

#[tokio::test]
async fn every_response_varies_by_what_any_of_the_policies_looks_at() {
    let looking = |policy: CorsPolicy, names: &[&'static str]| {
        policy.to_builder().vary_by(names.iter().copied()).build().expect("a policy")
    };
    let layer = CorsLayer::first_match([
        looking(partners(), &["x-tenant"]),
        looking(allow_app().build().expect("a policy"), &["x-plan", "X-Tenant"]),
        looking(public(), &["accept"]),
    ]);
    let app = App::behind(&layer, &[("vary", "Accept, x-plan")]);
    for headers in [&[("origin", APP)][..], &[("origin", STRANGER)], &[]] {
        let response = app.send_served(request("GET", headers)).await;
        let lines: Vec<_> = response.headers().get_all("vary").iter().collect();
        let mut members: Vec<_> = lines
            .iter()
            .flat_map(|line| line.to_str().expect("text").split(", "))
            .map(str::to_ascii_lowercase)
            .collect();
        members.sort();
        assert_eq!(members, ["accept", "origin", "x-plan", "x-tenant"], "{lines:?}");
    }
    let response = app.send_unserved(preflight("PUT", &[])).await;
    let lines: Vec<_> = response.headers().get_all("vary").iter().collect();
    assert_eq!(
        lines,
        [
            "Origin, Access-Control-Request-Method, Access-Control-Request-Headers, X-Tenant",
            "X-Plan",
            "Accept"
        ]
    );
}

#[tokio::test]
async fn a_predicate_is_asked_once_and_not_behind_a_match() {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let asking = |name: &'static str, answer: bool| {
        let asked = Arc::clone(&asked);
        let predicate = move |_: &tower_cors::Origin<'_>, _: tower_cors::RequestHead<'_>| {
            asked.lock().expect("no panic").push(name);
            answer
        };
        CorsPolicy::builder().allow_origin_if(predicate).build().expect("a policy")
    };
    let app = first_match([asking("first", false), asking("second", true), asking("third", true)]);
    app.send_served(request("GET", &[("origin", STRANGER)])).await;
    assert_eq!(*asked.lock().expect("no panic"), ["first", "second"]);

    asked.lock().expect("no panic").clear();
    let app = first_match([asking("first", false), asking("last", false)]);
    app.send_served(request("GET", &[("origin", STRANGER)])).await;
    assert_eq!(*asked.lock().expect("no panic"), ["first", "last"]);
}

#[tokio::test]
async fn the_last_policy_may_reject_what_none_allows() {
    let rejecting = CorsPolicy::builder().allow_origin("https://b.example").reject_disallowed_origins(true);
    let app = first_match([partners(), rejecting.build().expect("a policy")]);
    let response = app.send_unserved(request("GET", &[("origin", STRANGER)])).await;
    assert_eq!(response.status(), 403);
    assert_headers(&response, &[VARY]);
    app.send_served(request("GET", &[("origin", APP)])).await;
    app.send_served(request("GET", &[("origin", "https://b.example")])).await;
}

#[tokio::test]
async fn a_list_of_policies_is_read_from_a_file() {
    #[derive(serde::Deserialize)]
    struct Settings {
        cors: Vec<CorsPolicy>,
    }
    let file = r#"
        [[cors]]
        allow_origins = "https://app.example.com"
        allow_credentials = true
        allow_methods = "PUT"
        expose_headers = "x-balance"

        [[cors]]
        allow_origins = "*"
    "#;
    let settings: Settings = toml::from_str(file).expect("two policies");
    assert_eq!(settings.cors, [partners(), public()]);
    let error = toml::from_str::<Settings>(
        &file.replace("'*'", "'https://a/'").replace("\"*\"", "\"https://a.example/\""),
    );
    let error = error.err().expect("a slash").to_string();
    assert!(error.contains("did you mean `https://a.example`?"), "{error}");
}

#[tokio::test]
async fn the_hook_is_told_why_the_last_policy_refuses() {
    let told = Arc::new(AtomicUsize::new(0));
    let hook = Arc::clone(&told);
    let other = CorsPolicy::builder().allow_origin("https://b.example").build().expect("a policy");
    let layer = CorsLayer::first_match([partners(), other]).on_denial(move |denial, _| {
        assert_eq!(*denial, Denial::OriginNotAllowed);
        hook.fetch_add(1, Ordering::SeqCst);
    });
    let app = App::behind(&layer, &[]);
    for origin in [APP, "https://b.example", STRANGER] {
        app.send_served(request("GET", &[("origin", origin)])).await;
    }
    assert_eq!(told.load(Ordering::SeqCst), 1);
}

/// What the layer has to do, said in another way: ask one policy after the other what it grants.
fn naively(policies: &[CorsPolicy], request: &Request<String>) -> Response<String> {
    let allows = |policy: &&CorsPolicy| {
        let probe = Request::get("/")
            .header("origin", request.headers()["origin"].clone())
            .body(())
            .expect("a request");
        let Decision::Actual(actual) = policy.decide(&probe) else { return false };
        let is_any = policy.to_builder().build().expect("itself") == public();
        let mut headers = http::HeaderMap::new();
        actual.decorate(&mut headers);
        // A malformed origin may read `*`, but it is no origin that a policy allows.
        let is_origin = tower_cors::Origin::parse(probe.headers()["origin"].to_str().expect("text")).is_ok();
        headers.contains_key("access-control-allow-origin")
            && (!is_any || is_origin || probe.headers()["origin"] == "null")
    };
    let has_origin = request.headers().contains_key("origin");
    let chosen = policies.iter().find(|policy| has_origin && allows(policy)).or(policies.last());
    match chosen.expect("a policy").decide(request) {
        Decision::Preflight(preflight) => preflight.into_response(String::new()),
        Decision::Rejected(rejected) => rejected.into_response(String::new()),
        Decision::Actual(actual) => {
            let mut response = Response::new("served".to_owned());
            actual.decorate(response.headers_mut());
            if !response.headers().contains_key("vary") {
                response.headers_mut().insert("vary", http::HeaderValue::from_static("Origin"));
            }
            response
        }
        _ => panic!("an unknown decision"),
    }
}

proptest! {
    #[test]
    fn the_layer_agrees_with_asking_one_policy_after_the_other(
        chosen in vec(0_usize..4, 1..5),
        origin in proptest::option::of(select(vec![
            APP, STRANGER, "https://b.example", "https://a.b.example", "null", "nonsense", "",
        ])),
        method in select(vec!["GET", "OPTIONS", "POST"]),
        requested in proptest::option::of(select(vec!["PUT", "GET", "DELETE"])),
    ) {
        let policies = [
            partners(),
            public(),
            CorsPolicy::builder().allow_origin("https://*.b.example").max_age(std::time::Duration::ZERO).build().expect("a policy"),
            CorsPolicy::builder().allow_origin("https://b.example").reject_disallowed_origins(true).build().expect("a policy"),
        ];
        let policies: Vec<_> = chosen.into_iter().map(|index| policies[index].clone()).collect();
        let mut headers: Vec<(&str, &str)> = Vec::new();
        headers.extend(origin.map(|origin| ("origin", origin)));
        headers.extend(requested.map(|method| ("access-control-request-method", method)));
        let request = request(method, &headers);

        let expected = naively(&policies, &request);
        let served = service_fn(|_: Request<String>| async {
            Ok::<_, std::convert::Infallible>(Response::new("served".to_owned()))
        });
        let service = CorsLayer::first_match(policies).layer(served);
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let Ok(response) = runtime.block_on(service.oneshot(request));
        prop_assert_eq!(response.status(), expected.status());
        prop_assert_eq!(response.headers(), expected.headers());
        prop_assert_eq!(response.body(), expected.body());
    }
}
