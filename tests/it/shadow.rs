//! A shadow: a second policy is compared with each decision. Differences are reported, and nothing else changes.

use std::sync::{Arc, Mutex};

use http::{HeaderMap, Request, StatusCode};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use tower_cors::{CorsLayer, CorsPolicy, CorsPolicyBuilder, Decision, Denial, Disagreement};

use crate::cache::oracle::SOURCES;
use crate::properties;
use crate::support::{
    APP, App, OWN_CORS, STRANGER, allow_app, assert_rows, built, preflight, preflight_from, request,
};

type Heard<T> = Arc<Mutex<Vec<T>>>;

fn take<T>(heard: &Heard<T>) -> Vec<T> {
    std::mem::take(&mut *heard.lock().expect("no panic"))
}

/// A layer, and the calls of its hook.
fn shadowed(layer: CorsLayer, shadow: CorsPolicy) -> (CorsLayer, Heard<Disagreement>) {
    let heard = Heard::default();
    let hook = Arc::clone(&heard);
    let layer = layer.shadow(shadow).on_disagreement(move |disagreement, _| {
        hook.lock().expect("no panic").push(*disagreement);
    });
    (layer, heard)
}

fn anyone() -> CorsPolicyBuilder {
    CorsPolicy::builder().allow_any_origin().allow_any_method().allow_any_header()
}

#[tokio::test]
async fn what_the_two_decide_differently_is_told_with_its_kind_and_what_it_is_about() {
    let reject = || allow_app().reject_disallowed_origins(true);
    let own = || reject().served_at(["https://api.example.com"]);
    let stranger = || request("GET", &[("origin", STRANGER)]);
    let list = || allow_app().allow_methods(["PUT"]).allow_headers(["x-a"]);
    let cases = [
        (anyone(), allow_app(), stranger(), Some(("shadow-refuses", "origin-not-allowed", None))),
        (
            anyone(),
            allow_app(),
            preflight_from(STRANGER, "PUT"),
            Some(("shadow-refuses", "origin-not-allowed", None)),
        ),
        (anyone(), list(), preflight("PATCH", &[]), Some(("shadow-refuses", "method-not-allowed", None))),
        (
            anyone(),
            list(),
            preflight("PUT", &["x-a,X-B"]),
            Some(("shadow-refuses", "header-not-allowed", Some("X-B"))),
        ),
        (
            list().allow_headers(["authorization"]),
            list().allow_any_header(),
            preflight("PUT", &["authorization"]),
            Some(("shadow-refuses", "authorization-not-listed", Some("authorization"))),
        ),
        (
            anyone(),
            allow_app(),
            request("GET", &[("origin", "null")]),
            Some(("shadow-refuses", "null-origin", None)),
        ),
        (anyone(), reject(), stranger(), Some(("shadow-refuses", "origin-not-allowed", None))),
        (allow_app(), anyone(), stranger(), Some(("shadow-allows", "origin-not-allowed", None))),
        (allow_app(), list(), preflight("PUT", &[]), Some(("shadow-allows", "method-not-allowed", None))),
        (allow_app(), reject(), stranger(), Some(("shadow-rejects", "origin-not-allowed", None))),
        (reject(), allow_app(), stranger(), Some(("shadow-serves", "origin-not-allowed", None))),
        (reject(), anyone(), stranger(), Some(("shadow-allows", "origin-not-allowed", None))),
        // Without an `Origin`, by its host.
        (
            allow_app(),
            own(),
            request("GET", &[("host", "evil.example")]),
            Some(("shadow-refuses", "foreign-host", None)),
        ),
        // They agree.
        (anyone(), list(), preflight("PUT", &["x-a"]), None),
        (anyone(), list(), request("GET", &[("origin", APP)]), None),
        (anyone(), list(), request::<&str>("GET", &[]), None),
        (allow_app(), list(), stranger(), None),
        // The page learns neither of the two reasons.
        (allow_app(), reject(), preflight_from(STRANGER, "PUT"), None),
        (allow_app(), CorsPolicy::builder().allow_origin(STRANGER), preflight("PUT", &[]), None),
        // The service's own page needs no permission from either.
        (
            anyone(),
            allow_app(),
            request("POST", &[("origin", STRANGER), ("sec-fetch-site", "same-origin")]),
            None,
        ),
    ];
    let mut rows = Vec::new();
    for (live, shadow, request, expected) in cases {
        let (live, shadow) = (built(live), built(shadow));
        let row = format!("{live}; {shadow}; {request:?}");
        let (layer, heard) = shadowed(CorsLayer::new(&live), shadow.clone());
        App::behind(&layer, &[]).send(request.clone()).await;
        let seen: Vec<_> = take(&heard)
            .iter()
            .map(|told| {
                let sides = (told.live().copied(), told.shadow().copied());
                let denials = (live.decide(&request), shadow.decide(&request));
                assert_eq!(sides, (denials.0.denial().copied(), denials.1.denial().copied()));
                (told.kind(), told.denial().kind(), told.denial().header(&request).map(str::to_owned))
            })
            .collect();
        let expected: Vec<_> = expected
            .map(|(kind, denial, header)| (kind, denial, header.map(str::to_owned)))
            .into_iter()
            .collect();
        rows.push((row, seen, expected));
    }
    assert_rows(rows);
}

#[tokio::test]
async fn a_panic_of_a_shadow_or_of_its_hook_changes_nothing() {
    let shadow = allow_app().allow_origin_if(|_, _| panic!("a bug in a predicate"));
    let layers = [
        CorsLayer::new(built(anyone())).shadow(built(shadow)).on_disagreement(|_, _| ()),
        CorsLayer::new(built(anyone()))
            .shadow(built(allow_app()))
            .on_disagreement(|_, _| panic!("a bug in a hook")),
    ];
    for layer in layers {
        let app = App::behind(&layer, &[]);
        let response = app.send_served(request("GET", &[("origin", STRANGER)])).await;
        assert_eq!(response.headers()["access-control-allow-origin"], "*");
        assert_eq!(app.send_unserved(preflight_from(STRANGER, "PUT")).await.status(), 204);
    }
}

#[tokio::test]
async fn the_last_shadow_is_asked_and_what_is_left_to_another_layer_is_not_compared() {
    let stranger = || request("GET", &[("origin", STRANGER)]);
    let heard = Heard::default();
    let hook = Arc::clone(&heard);
    // In any order.
    let layer = CorsLayer::new(built(anyone())).on_disagreement(move |told: &Disagreement, head| {
        hook.lock().expect("no panic").push((told.kind(), head.headers()["origin"].clone()));
    });
    App::behind(&layer, &[]).send(stranger()).await;
    assert_eq!(take(&heard), []);
    let layer = layer.shadow(built(anyone())).shadow(built(allow_app()));
    App::behind(&layer, &[]).send(stranger()).await;
    assert_eq!(take(&heard), [("shadow-refuses", STRANGER.parse().expect("a value"))]);
    App::behind(&layer.leave_to_inner(|_| true), &[]).send(stranger()).await;
    assert_eq!(take(&heard), []);
}

/// What the page sees, what the service saw, and what the hooks were called with.
#[tokio::main(flavor = "current_thread")]
async fn outcome(
    layer: &CorsLayer,
    request: Request<String>,
) -> (StatusCode, HeaderMap, String, usize, Vec<Denial>) {
    let heard = Heard::default();
    let hook = Arc::clone(&heard);
    let layer = layer.clone().on_denial(move |denial, _| hook.lock().expect("no panic").push(*denial));
    let app = App::behind(&layer, &OWN_CORS);
    let (parts, body) = app.send(request).await.into_parts();
    (parts.status, parts.headers, body, app.runs(), take(&heard))
}

proptest! {
    /// A shadow changes nothing, wherever the policy comes from: the same responses, the same requests to the service, the same
    /// denials.
    #[test]
    fn no_shadow_changes_anything(
        policies in vec(properties::policy(), 1..3),
        shadow in properties::policy(),
        source in select(&SOURCES[..]),
        request in properties::request(),
    ) {
        let request = request.map(|()| String::new());
        let layer = source.layer(policies);
        let (with_shadow, _) = shadowed(layer.clone(), shadow);
        prop_assert_eq!(outcome(&with_shadow, request.clone()), outcome(&layer, request));
    }

    /// The layer judges the shadow by a walk without an answer; this test uses the walk with one.
    #[test]
    fn a_disagreement_is_told_exactly_where_the_decisions_come_to_something_else(
        live in properties::policy(),
        shadow in properties::policy(),
        request in properties::request(),
    ) {
        let comes_to = |policy: &CorsPolicy| {
            let decision = policy.decide(&request);
            (decision.denial().copied(), matches!(decision, Decision::Actual(_)))
        };
        let (of_live, of_shadow) = (comes_to(&live), comes_to(&shadow));
        let differ = (of_live.0.is_some(), of_live.1) != (of_shadow.0.is_some(), of_shadow.1);
        let (layer, heard) = shadowed(CorsLayer::new(live), shadow);
        outcome(&layer, request.map(|()| String::new()));
        let heard: Vec<_> = take(&heard).iter().map(|told| (told.live().copied(), told.shadow().copied())).collect();
        prop_assert_eq!(heard, if differ { vec![(of_live.0, of_shadow.0)] } else { vec![] });
    }
}
