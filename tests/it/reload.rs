//! `CorsLayer::reloadable`: the policy is replaced while requests are served.

use std::convert::Infallible;
use std::future::{Future, pending, ready};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use http::{HeaderMap, Request, Response, StatusCode};
use tokio::sync::oneshot;
use tower::{Layer, Service, service_fn};
use tower_cors::{CorsLayer, CorsPolicy};

use crate::support::{
    APP, App, PREFLIGHT_VARY, SAFELISTED_METHODS, STRANGER, allow_app, assert_headers, assert_refused,
    preflight, request,
};

const VARY: (&str, &str) = ("vary", "Origin");
const SHARED: &str = "https://shared.example";

fn allowing(origin: &str) -> CorsPolicy {
    CorsPolicy::builder().allow_origin(origin).build().expect("a policy")
}

fn get(origin: &str) -> Request<String> {
    request("GET", &[("origin", origin)])
}

#[tokio::test]
async fn a_stored_policy_decides_the_next_request() {
    let (layer, handle) = CorsLayer::reloadable(allowing(APP));
    let app = App::behind(&layer, &[]);
    assert_headers(&app.send_served(get(APP)).await, &[VARY, ("access-control-allow-origin", APP)]);
    assert_headers(&app.send_served(get(STRANGER)).await, &[VARY]);
    assert_eq!(handle.load(), allowing(APP));

    handle.store(allowing(STRANGER));
    assert_eq!(handle.load(), allowing(STRANGER));
    assert_headers(&app.send_served(get(APP)).await, &[VARY]);
    assert_headers(&app.send_served(get(STRANGER)).await, &[VARY, ("access-control-allow-origin", STRANGER)]);
    assert_refused(&app.send_unserved(preflight("GET", &[])).await, "the old origin");

    // One policy for all requests: nothing is chosen, so that nothing varies.
    handle.store(CorsPolicy::builder().allow_any_origin().build().expect("a policy"));
    assert_headers(&app.send_served(get(APP)).await, &[("access-control-allow-origin", "*")]);
    let response = app.send_unserved(preflight("GET", &[])).await;
    assert_headers(&response, &[PREFLIGHT_VARY, ("access-control-allow-origin", "*"), SAFELISTED_METHODS]);

    handle.store(allow_app().reject_disallowed_origins(true).build().expect("a policy"));
    assert_eq!(app.send_unserved(get(STRANGER)).await.status(), 403);
}

#[tokio::test]
async fn clones_share_the_policy_and_need_no_handle() {
    let (layer, handle) = CorsLayer::reloadable(allowing(APP));
    let denials = Arc::new(Mutex::new(0));
    let hook = Arc::clone(&denials);
    let hooked = layer.clone().on_denial(move |_, _| *hook.lock().expect("no panic") += 1);
    let apps = [App::behind(&layer, &[]), App::behind(&layer.clone(), &[]), App::behind(&hooked, &[])];
    handle.clone().store(allowing(STRANGER));
    drop((handle, layer, hooked));
    for app in apps {
        assert_headers(&app.send_served(get(APP)).await, &[VARY]);
        assert_headers(
            &app.send_served(get(STRANGER)).await,
            &[VARY, ("access-control-allow-origin", STRANGER)],
        );
    }
    assert_eq!(*denials.lock().expect("no panic"), 1);
}

#[tokio::test]
async fn a_response_is_decorated_by_the_policy_that_decided_the_request() {
    let old = allow_app().allow_credentials(true).expose_headers(["x-old"]).build().expect("a policy");
    let new = CorsPolicy::builder().allow_any_origin().expose_headers(["x-new"]).build().expect("a policy");
    let (layer, handle) = CorsLayer::reloadable(old);
    let (answer, answered) = oneshot::channel::<()>();
    let mut answered = Some(answered);
    let mut service = layer.layer(service_fn(move |_: Request<String>| {
        let answered = answered.take().expect("one request");
        async {
            answered.await.expect("it is told to answer");
            Ok::<_, Infallible>(Response::new(String::new()))
        }
    }));
    let response = service.call(get(APP));
    // Nobody waits for the request that is under way.
    handle.store(new);
    answer.send(()).expect("the service waits");
    let Ok(response) = response.await;
    assert_headers(
        &response,
        &[
            VARY,
            ("access-control-allow-origin", APP),
            ("access-control-allow-credentials", "true"),
            ("access-control-expose-headers", "x-old"),
        ],
    );
}

#[test]
fn a_handle_shows_the_policy_that_it_has() {
    let (_, handle) = CorsLayer::reloadable(allowing(APP));
    assert!(format!("{handle:?}").contains(APP));
}

/// How often another policy is stored while the threads send requests.
const STORES: usize = 100_000;
const THREADS: usize = 8;

#[test]
fn every_response_belongs_to_one_of_the_policies_that_are_stored_in_turn() {
    // They differ in whatever a policy can say.
    let policies = [
        CorsPolicy::builder()
            .allow_origins([APP, SHARED])
            .allow_credentials(true)
            .allow_methods(["PUT"])
            .allow_headers(["x-a"])
            .expose_headers(["x-a"])
            .max_age(Duration::from_secs(1)),
        CorsPolicy::builder()
            .allow_origins([STRANGER, SHARED])
            .allow_methods(["PATCH", "DELETE"])
            .allow_headers(["x-b", "x-p-*"])
            .expose_headers(["x-b"])
            .max_age(Duration::from_secs(2))
            .preflight_status(StatusCode::OK)
            .vary_by(["x-tenant"])
            .reject_disallowed_origins(true),
    ]
    .map(|policy| policy.build().expect("a policy"));
    let requests: Vec<_> = [APP, STRANGER, SHARED, "https://nobody.example"]
        .into_iter()
        .flat_map(|origin| {
            let preflight = [("origin", origin), ("access-control-request-method", "PUT")];
            [get(origin), request("OPTIONS", &preflight)]
        })
        .chain([request::<&str>("GET", &[])])
        .collect();
    let answers = |policy: &CorsPolicy| -> Vec<_> {
        requests.iter().map(|request| answer(&CorsLayer::from(policy), request)).collect()
    };
    let (first, second) = (answers(&policies[0]), answers(&policies[1]));
    assert!(
        first.iter().zip(&second).all(|(first, second)| first != second),
        "each answer tells the policies apart"
    );

    let (layer, handle) = CorsLayer::reloadable(policies[0].clone());
    // A slow response, which no store waits for.
    let mut slow =
        layer.layer(service_fn(|_: Request<String>| pending::<Result<Response<String>, Infallible>>()));
    let slow = slow.call(get(APP));
    let is_over = AtomicBool::new(false);
    let seen: Vec<[usize; 2]> = thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|_| {
                scope.spawn(|| {
                    let mut seen = [0, 0];
                    // At least once each, should the stores be over first.
                    while !is_over.load(Ordering::Relaxed) || seen == [0, 0] {
                        for (request, (first, second)) in requests.iter().zip(first.iter().zip(&second)) {
                            let answer = answer(&layer, request);
                            let of_first = answer == *first;
                            assert!(of_first || answer == *second, "of neither policy: {answer:?}");
                            seen[usize::from(!of_first)] += 1;
                        }
                    }
                    seen
                })
            })
            .collect();
        for store in 0..STORES {
            handle.store(policies[store % 2].clone());
            if store % 1000 == 0 {
                // On few cores the threads would see little of it otherwise.
                thread::yield_now();
            }
        }
        is_over.store(true, Ordering::Relaxed);
        threads.into_iter().map(|thread| thread.join().expect("no assertion failed")).collect()
    });
    drop(slow);
    assert_eq!(handle.load(), policies[(STORES - 1) % 2]);
    let of_each = |policy: usize| seen.iter().map(|seen| seen[policy]).sum::<usize>();
    assert!(of_each(0) > 0 && of_each(1) > 0, "both were seen: {seen:?}");
}

/// What a service behind the layer answers, which waits for nothing.
fn answer(layer: &CorsLayer, request: &Request<String>) -> (StatusCode, HeaderMap) {
    let mut service = layer
        .layer(service_fn(|_: Request<String>| ready(Ok::<_, Infallible>(Response::new(String::new())))));
    match pin!(service.call(request.clone())).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Ok(response)) => (response.status(), response.headers().clone()),
        Poll::Pending => panic!("nothing waits"),
    }
}
