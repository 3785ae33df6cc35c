//! Eight threads send requests while policies are stored: one policy decides each response completely.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use http::{HeaderMap, Request, Response, StatusCode, header};
use tokio::sync::oneshot;
use tower::{Layer, Service, service_fn};
use tower_cors::{CorsLayer, CorsPolicy};

use super::{ADMIN, preflight_from, served};
use crate::support::{APP, STRANGER, request};

const THREADS: usize = 8;

const STORES: usize = 100_000;

/// Both policies allow this page.
const SHARED: &str = "https://shared.example.com";

/// Two policies that answer every request differently, and with different values in every header except the origin that both
/// allow.
fn policies() -> [CorsPolicy; 2] {
    let first = CorsPolicy::builder()
        .allow_origins([APP, SHARED])
        .allow_credentials(true)
        .allow_methods(["PUT"])
        .allow_headers(["x-first"])
        .expose_headers(["x-first"])
        .max_age(Duration::from_secs(1))
        .vary_by(["x-first"]);
    let second = CorsPolicy::builder()
        .allow_origins([ADMIN, SHARED])
        .allow_methods(["DELETE"])
        .allow_headers(["x-second"])
        .expose_headers(["x-second"])
        .max_age(Duration::from_secs(2))
        .vary_by(["x-second"])
        .preflight_status(StatusCode::OK)
        .reject_disallowed_origins(true);
    [first, second].map(|policy| policy.build().expect("a policy"))
}

fn requests() -> Vec<Request<String>> {
    let mut requests = vec![request::<&str>("GET", &[]), request::<&str>("OPTIONS", &[])];
    for origin in [APP, ADMIN, SHARED, STRANGER] {
        requests.push(request("GET", &[("origin", origin)]));
        requests.push(request("OPTIONS", &[("origin", origin)]));
        requests.extend(["PUT", "DELETE"].map(|method| preflight_from(origin, method)));
    }
    requests
}

type Answer = (StatusCode, HeaderMap, String);

fn answer<S>(service: &mut S, request: &Request<String>) -> Answer
where
    S: Service<Request<String>, Response = Response<String>, Error = Infallible>,
{
    let mut response = pin!(service.call(request.clone()));
    let Poll::Ready(Ok(response)) = response.as_mut().poll(&mut Context::from_waker(Waker::noop())) else {
        panic!("it waits");
    };
    let (parts, body) = response.into_parts();
    (parts.status, parts.headers, body)
}

/// The answer of a layer with a fixed policy.
fn answer_by(policy: &CorsPolicy, request: &Request<String>) -> Answer {
    answer(&mut CorsLayer::from(policy).layer(service_fn(served)), request)
}

#[test]
fn the_two_policies_can_be_told_apart_by_every_answer() {
    for request in requests() {
        let [first, second] = policies().map(|policy| answer_by(&policy, &request));
        assert_ne!(first, second, "{request:?}");
        for name in first.1.keys().filter(|name| *name != header::ACCESS_CONTROL_ALLOW_ORIGIN) {
            assert_ne!(first.1.get(name), second.1.get(name), "{name} of {request:?}");
        }
    }
}

#[test]
fn every_response_is_wholly_by_one_policy_and_no_store_waits_for_a_slow_one() {
    let policies = policies();
    let cases: Vec<(Request<String>, [Answer; 2])> = requests()
        .into_iter()
        .map(|request| {
            let expected = policies.each_ref().map(|policy| answer_by(policy, &request));
            (request, expected)
        })
        .collect();
    let (layer, handle) = CorsLayer::reloadable(policies[0].clone());

    // Decided by the first policy, and pending until the last store is over.
    let (finish, finished) = oneshot::channel();
    let mut finished = Some(finished);
    let mut slow = layer.layer(service_fn(|_: Request<String>| {
        let finished = finished.take().expect("one request");
        async { Ok::<_, Infallible>(Response::new(finished.await.expect("a body"))) }
    }));
    let mut held = pin!(slow.call(request("GET", &[("origin", APP)])));
    let mut context = Context::from_waker(Waker::noop());
    assert!(held.as_mut().poll(&mut context).is_pending());

    // Threads go on until all stores are done, and stores go on until each thread has had each answer by each policy.
    let (is_over, yet_to_see_all) = (AtomicBool::new(false), AtomicUsize::new(THREADS));
    thread::scope(|scope| {
        let send_all = || {
            let mut service = layer.layer(service_fn(served));
            let mut seen = vec![[false; 2]; cases.len()];
            let mut has_seen_all = false;
            while !is_over.load(Ordering::Relaxed) {
                for ((request, expected), seen) in cases.iter().zip(&mut seen) {
                    let answer = answer(&mut service, request);
                    let by = expected.iter().position(|expected| *expected == answer);
                    seen[by.unwrap_or_else(|| panic!("by neither policy: {answer:?} to {request:?}"))] = true;
                }
                if !has_seen_all && seen.iter().flatten().all(|seen| *seen) {
                    has_seen_all = true;
                    yet_to_see_all.fetch_sub(1, Ordering::Relaxed);
                }
            }
        };
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(send_all)).collect();
        let mut stored = 0;
        while stored < STORES || yet_to_see_all.load(Ordering::Relaxed) > 0 {
            stored += 1;
            handle.store(policies[stored % 2].clone());
            if threads.iter().any(thread::ScopedJoinHandle::is_finished) {
                break; // It has failed, and says so when it is joined.
            }
        }
        is_over.store(true, Ordering::Relaxed);
    });

    finish.send("slow".to_owned()).expect("it waits");
    let Poll::Ready(Ok(response)) = held.as_mut().poll(&mut context) else { panic!("it waits still") };
    assert_eq!(response.body(), "slow");
    let (status, headers, _) = answer_by(&policies[0], &request("GET", &[("origin", APP)]));
    assert_eq!((response.status(), response.headers()), (status, &headers));
}
