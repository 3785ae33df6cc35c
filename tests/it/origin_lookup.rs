//! `origin_lookup`: origins that a policy does not list are looked up while the service runs.

use std::convert::Infallible;
use std::future::{Future, pending, ready};
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use http::{Request, Response};
use proptest::prelude::*;
use proptest::sample::select;
use tokio::sync::oneshot;
use tokio::task::yield_now;
use tower::{Layer, Service, ServiceExt, service_fn};
use tower_cors::{CorsLayer, CorsPolicy, Denial, Origin};

use crate::properties;
use crate::support::{
    APP, App, OWN_CORS, PREFLIGHT_VARY, REJECTION_VARY, STRANGER, VARY, allow_app, assert_headers,
    assert_headers_of, assert_refused, assert_rows, built, preflight, preflight_from, request,
};

/// A page that no policy lists, and that every look-up here allows.
const CUSTOMER: &str = "https://customer.example";

const ALLOWED: (&str, &str) = ("access-control-allow-origin", CUSTOMER);

/// Looks up [`CUSTOMER`], and is ready this many polls after the first.
fn known_after(polls: usize, policy: CorsPolicy) -> CorsLayer {
    CorsLayer::origin_lookup(policy, move |origin, _| {
        let is_known = *origin == CUSTOMER;
        async move {
            for _ in 0..polls {
                yield_now().await;
            }
            is_known
        }
    })
}

type Heard<T> = Arc<Mutex<Vec<T>>>;

fn take<T>(heard: &Heard<T>) -> Vec<T> {
    std::mem::take(&mut *heard.lock().expect("no panic"))
}

fn listening(layer: CorsLayer) -> (CorsLayer, Heard<Denial>) {
    let heard = Heard::default();
    let hook = Arc::clone(&heard);
    (layer.on_denial(move |denial, _| hook.lock().expect("no panic").push(*denial)), heard)
}

fn rejecting() -> CorsPolicy {
    built(allow_app().reject_disallowed_origins(true))
}

#[tokio::test]
async fn an_origin_that_the_look_up_allows_has_what_the_policy_grants() {
    for polls in [0, 1, 4] {
        let policy = allow_app().allow_credentials(true).allow_methods(["PUT"]).expose_headers(["x-own"]);
        let (layer, heard) = listening(known_after(polls, built(policy)));
        let app = App::behind(&layer, &OWN_CORS);
        let granted =
            [("access-control-allow-credentials", "true"), ("access-control-expose-headers", "x-own")];
        let case = format!("after {polls}");
        for (origin, is_known) in [(CUSTOMER, true), (APP, true), (STRANGER, false)] {
            let response = app.send_served(request("PUT", &[("origin", origin)])).await;
            let mut expected = vec![VARY, ("x-own", "1")];
            if is_known {
                expected.extend(granted);
                expected.push(("access-control-allow-origin", origin));
            }
            assert_headers_of(&response, &expected, &case);
        }
        let response = app.send_unserved(preflight_from(CUSTOMER, "PUT")).await;
        assert_eq!(response.status(), 204);
        assert_headers(
            &response,
            &[ALLOWED, granted[0], ("access-control-allow-methods", "PUT"), PREFLIGHT_VARY],
        );
        assert_eq!(take(&heard), [Denial::OriginNotAllowed]);
        assert_refused(&app.send_unserved(preflight_from(STRANGER, "PUT")).await, &case);
        // The look-up does not allow a method that the policy does not list.
        app.send_unserved(preflight_from(CUSTOMER, "PATCH")).await;
        assert_eq!(take(&heard), [Denial::OriginNotAllowed, Denial::MethodNotAllowed]);
    }
}

#[tokio::test]
async fn it_is_asked_about_well_formed_origins_that_no_rule_allows_and_about_no_other() {
    let listing = || allow_app().allow_origins(["https://*.example.org", "http://localhost:*"]);
    let own = || listing().reject_disallowed_origins(true).served_at(["https://api.example.com"]);
    let anyone = || CorsPolicy::builder().allow_any_origin();
    let any_host = [("origin", STRANGER), ("host", "evil.example")];
    let cases = [
        (listing(), request("GET", &[("origin", STRANGER)]), 1),
        (listing(), preflight_from(STRANGER, "PUT"), 1),
        (listing(), request("GET", &[("origin", "capacitor://MyApp")]), 1),
        // Also for the service's own page: nothing else in the request is trusted.
        (listing(), request("POST", &[("origin", STRANGER), ("sec-fetch-site", "same-origin")]), 1),
        (listing(), request("GET", &[("origin", APP)]), 0),
        (listing(), preflight("PUT", &[]), 0),
        (listing(), request("GET", &[("origin", "https://a.example.org")]), 0),
        (listing(), request("GET", &[("origin", "http://localhost:3000")]), 0),
        (listing().allow_origin_if(|_, _| true), request("GET", &[("origin", STRANGER)]), 0),
        (listing().allow_origin_if(|_, _| false), request("GET", &[("origin", STRANGER)]), 1),
        (listing(), request::<&str>("GET", &[]), 0),
        (listing(), request("GET", &[("origin", "null")]), 0),
        (listing().dangerously_allow_null_origin(true), request("GET", &[("origin", "null")]), 0),
        (listing(), request("GET", &[("origin", "")]), 0),
        (listing(), request("GET", &[("origin", "https://stranger.example/")]), 0),
        (listing(), request("GET", &[("origin", "https://Stranger.example")]), 0),
        (listing(), request("GET", &[("origin", STRANGER); 2]), 0),
        (listing(), request("GET", &[("origin", "https://\u{85}.example")]), 0),
        (own(), request("GET", &any_host), 0),
        (own(), request("GET", &[("origin", STRANGER), ("host", "api.example.com")]), 1),
        (anyone(), request("GET", &[("origin", STRANGER)]), 0),
        (anyone(), request("GET", &[("origin", "no origin")]), 0),
    ];
    let mut rows = Vec::new();
    for (index, (policy, request, expected)) in cases.into_iter().enumerate() {
        let asked = Heard::<String>::default();
        let by_look_up = Arc::clone(&asked);
        let layer = CorsLayer::origin_lookup(built(policy), move |origin: &Origin<'_>, head| {
            assert_eq!(head.headers()["origin"], origin.as_str());
            by_look_up.lock().expect("no panic").push(origin.to_string());
            ready(true)
        });
        App::behind(&layer, &[]).send(request).await;
        rows.push((format!("case {index}"), take(&asked).len(), expected));
    }
    assert_rows(rows);
}

#[tokio::test]
async fn what_any_origin_allows_does_not_vary() {
    let app = App::behind(&known_after(0, built(CorsPolicy::builder().allow_any_origin())), &[]);
    let response = app.send_served(request("GET", &[("origin", CUSTOMER)])).await;
    assert_headers(&response, &[("access-control-allow-origin", "*")]);
}

#[tokio::test]
async fn what_the_look_up_reads_can_be_varied_by() {
    for polls in [0, 1] {
        let layer = known_after(polls, built(allow_app())).vary_by(["x-tenant"]).expect("a name");
        let response = App::behind(&layer, &[]).send_served(request("GET", &[("origin", CUSTOMER)])).await;
        assert_headers(&response, &[ALLOWED, VARY, ("vary", "X-Tenant")]);
    }
}

#[tokio::test]
async fn look_up_and_service_run_at_the_same_time() {
    let (begun, seen) = oneshot::channel::<()>();
    let (begun, seen) = (Mutex::new(Some(begun)), Mutex::new(Some(seen)));
    let layer = CorsLayer::origin_lookup(built(allow_app()), move |_, _| {
        let seen = seen.lock().expect("no panic").take().expect("asked once");
        async move { seen.await.is_ok() }
    });
    let service = service_fn(move |_: Request<String>| {
        let begun = begun.lock().expect("no panic").take().expect("called once");
        async move {
            begun.send(()).expect("the look-up waits");
            Ok::<_, Infallible>(Response::new("served".to_owned()))
        }
    });
    let Ok(response) = layer.layer(service).oneshot(request("GET", &[("origin", CUSTOMER)])).await;
    assert_headers(&response, &[ALLOWED, VARY]);
}

/// How often a service's future was polled, with a look-up that ends on a signal.
struct Waiting {
    answer: oneshot::Sender<bool>,
    polls: Arc<AtomicUsize>,
}

fn waiting(
    policy: CorsPolicy,
) -> (Waiting, impl Service<Request<String>, Response = Response<String>, Error = Infallible>) {
    let (answer, asked) = oneshot::channel();
    let asked = Mutex::new(Some(asked));
    let layer = CorsLayer::origin_lookup(policy, move |_, _| {
        let asked = asked.lock().expect("no panic").take().expect("asked once");
        async move { asked.await.unwrap_or(false) }
    });
    let polls = Arc::new(AtomicUsize::new(0));
    let in_service = Arc::clone(&polls);
    let service = layer.layer(service_fn(move |_: Request<String>| {
        let polls = Arc::clone(&in_service);
        async move {
            polls.fetch_add(1, Ordering::SeqCst);
            Ok::<_, Infallible>(Response::new("served".to_owned()))
        }
    }));
    (Waiting { answer, polls }, service)
}

#[test]
fn a_policy_that_rejects_has_the_service_wait_for_the_look_up() {
    for (policy, answer, before, after, status) in [
        (rejecting(), false, 0, 0, 403),
        (rejecting(), true, 0, 1, 200),
        (built(allow_app()), false, 1, 1, 200),
        (built(allow_app()), true, 1, 1, 200),
    ] {
        let (waiting, mut service) = waiting(policy);
        let mut response = pin!(service.call(request("POST", &[("origin", CUSTOMER)])));
        let mut context = Context::from_waker(Waker::noop());
        for _ in 0..3 {
            assert!(response.as_mut().poll(&mut context).is_pending());
        }
        assert_eq!(waiting.polls.load(Ordering::SeqCst), before, "{status} before the answer");
        waiting.answer.send(answer).expect("the look-up waits");
        let Poll::Ready(Ok(response)) = response.as_mut().poll(&mut context) else { panic!("it waits") };
        assert_eq!(response.status(), status);
        assert_eq!(waiting.polls.load(Ordering::SeqCst), after, "{status} after the answer");
        if status == 403 {
            assert_headers(&response, &[REJECTION_VARY]);
        }
    }
}

#[test]
fn a_preflight_waits_for_the_look_up_and_the_service_never_sees_it() {
    for policy in [rejecting(), built(allow_app())] {
        let (waiting, mut service) = waiting(policy);
        let mut response = pin!(service.call(preflight_from(CUSTOMER, "GET")));
        let mut context = Context::from_waker(Waker::noop());
        assert!(response.as_mut().poll(&mut context).is_pending());
        waiting.answer.send(true).expect("the look-up waits");
        let Poll::Ready(Ok(response)) = response.as_mut().poll(&mut context) else { panic!("it waits") };
        assert_eq!((response.status().as_u16(), waiting.polls.load(Ordering::SeqCst)), (204, 0));
        assert!(response.headers().contains_key("access-control-allow-origin"));
    }
}

#[tokio::test]
async fn an_origin_that_is_known_at_once_is_let_in_or_rejected_before_the_service_runs() {
    let app = App::behind(&known_after(0, rejecting()), &OWN_CORS);
    let response = app.send_unserved(request("POST", &[("origin", STRANGER)])).await;
    assert_eq!(response.status(), 403);
    assert_headers(&response, &[REJECTION_VARY]);
    app.send_served(request("POST", &[("origin", CUSTOMER)])).await;
}

fn fail() -> bool {
    panic!("a bug in the look-up")
}

/// Look-ups that panic when they are made, at the first poll, and later.
fn broken(policy: &CorsPolicy) -> [(&'static str, CorsLayer); 3] {
    let policy = || policy.clone();
    [
        ("made", CorsLayer::origin_lookup(policy(), |_, _| ready(fail()))),
        ("polled first", CorsLayer::origin_lookup(policy(), |_, _| async { fail() })),
        (
            "polled later",
            CorsLayer::origin_lookup(policy(), |_, _| async {
                yield_now().await;
                yield_now().await;
                fail()
            }),
        ),
    ]
}

#[tokio::test]
async fn a_look_up_that_panics_grants_nothing_and_says_so() {
    for (case, layer) in broken(&built(allow_app())) {
        let (layer, heard) = listening(layer);
        let app = App::behind(&layer, &OWN_CORS);
        let response = app.send_served(request("GET", &[("origin", CUSTOMER)])).await;
        assert_headers_of(&response, &[VARY, ("x-own", "1")], case);
        assert_refused(&app.send_unserved(preflight_from(CUSTOMER, "GET")).await, case);
        assert_eq!(take(&heard), [Denial::LookupPanicked; 2], "{case}");
        // Listed origins, and requests without an origin, do not use the look-up.
        let response = app.send_served(request("GET", &[("origin", APP)])).await;
        assert_eq!(response.headers()["access-control-allow-origin"], APP);
        app.send_served(request::<&str>("GET", &[])).await;
        assert_eq!(take(&heard), []);
    }
}

#[tokio::test]
async fn a_look_up_that_panics_lets_nothing_past_a_policy_that_rejects() {
    for (case, layer) in broken(&rejecting()) {
        let (layer, heard) = listening(layer);
        let app = App::behind(&layer, &OWN_CORS);
        let response = app.send(request("GET", &[("origin", CUSTOMER)])).await;
        assert_eq!((response.status().as_u16(), response.body().as_str()), (403, ""), "{case}");
        assert_headers_of(&response, &[REJECTION_VARY], case);
        assert_eq!(take(&heard), [Denial::LookupPanicked], "{case}");
    }
}

#[test]
fn a_look_up_that_never_ends_lets_nothing_out() {
    let layer = CorsLayer::origin_lookup(built(allow_app()), |_, _| pending());
    let mut service = layer
        .layer(service_fn(|_: Request<String>| ready(Ok::<_, Infallible>(Response::new(String::new())))));
    for request in [request("GET", &[("origin", CUSTOMER)]), preflight_from(CUSTOMER, "GET")] {
        let mut response = pin!(service.call(request));
        for _ in 0..3 {
            assert!(response.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        }
    }
}

/// What the page sees, what the service saw, and what the hook was called with.
#[tokio::main(flavor = "current_thread")]
async fn outcome(
    layer: CorsLayer,
    service: &[(&'static str, &'static str)],
    request: Request<String>,
) -> (http::StatusCode, http::HeaderMap, String, usize, Vec<Denial>) {
    let (layer, heard) = listening(layer);
    let app = App::behind(&layer, service);
    let (parts, body) = app.send(request).await.into_parts();
    (parts.status, parts.headers, body, app.runs(), take(&heard))
}

proptest! {
    /// A look-up with the same result as a predicate has the same visible effects, however long it takes. The one exception:
    /// behind a policy that rejects, the service was already called.
    #[test]
    fn a_look_up_decides_what_a_predicate_decides(
        policy in properties::policy(),
        request in properties::request(),
        letter in select(vec!['a', 'e', 'm', 't']),
        polls in 0_usize..3,
        own_cors in any::<bool>(),
    ) {
        let service: &[_] = if own_cors { &OWN_CORS } else { &[] };
        let request = request.map(|()| String::new());
        let layer = CorsLayer::origin_lookup(policy.clone(), move |origin, _| {
            let allowed = origin.host().ends_with(letter);
            async move {
                for _ in 0..polls {
                    yield_now().await;
                }
                allowed
            }
        });
        let looked_up = outcome(layer, service, request.clone());
        let predicate = policy.to_builder().allow_origin_if(move |origin, _| origin.host().ends_with(letter));
        let asked = outcome(CorsLayer::new(built(predicate)), service, request);
        let without_runs = |mut outcome: (_, _, _, usize, _)| {
            if polls > 0 && policy.to_builder() != policy.to_builder().reject_disallowed_origins(false) {
                outcome.3 = 0;
            }
            outcome
        };
        prop_assert_eq!(without_runs(looked_up), without_runs(asked));
    }
}
