//! Counts the layer's heap allocations, and compares them with those of the same headers inserted by hand.
//!
//! The counter is a global allocator, so this is a separate test binary. It counts each thread separately, and everything
//! here runs on the thread that counts.

mod support;

use std::convert::Infallible;
use std::future::{Future, ready};
use std::hint::black_box;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use allocation_counter::measure;
use http::header::{HeaderName, HeaderValue};
use http::{Request, Response};
use support::floor::Floor;
use support::origins::origin;
use support::policy::policy;
use support::requests::{Kind, Requests};
use tower::{Layer, Service, service_fn};
use tower_cors::{CorsLayer, CorsPolicy, CorsPolicyBuilder};

const SIZES: [u32; 2] = [1, 100_000];

const ACTUAL: [Kind; 4] = [Kind::NoOrigin, Kind::Refused, Kind::SameOriginPost, Kind::Allowed];

/// The two tables of a header map, whether new or grown.
const HEADER_MAP: u64 = 2;

/// How many headers the smallest header map holds.
const ROOM: usize = 6;

/// Layers with the same policy from each source, and what a request costs beyond its headers.
fn layers(size: u32) -> [(&'static str, CorsLayer, u64); 5] {
    let policy = policy((0..size).map(origin));
    let (found, awaited) = (policy.clone(), policy.clone());
    // A first policy for a partner, which sends no request here.
    let partner = CorsPolicy::builder().allow_origin("https://partner.example").build().expect("a policy");
    [
        ("fixed", CorsLayer::from(&policy), 0),
        ("reloadable", CorsLayer::reloadable(policy.clone()).0, 0),
        ("first match", CorsLayer::first_match([partner, policy]), 0),
        ("per request", CorsLayer::per_request(move |_| Some(found.clone())), 0),
        // The box that a look-up is in.
        ("per request, at once", CorsLayer::per_request_async(move |_| ready(Some(awaited.clone()))), 1),
    ]
}

#[test]
fn a_response_with_room_for_the_headers_costs_no_allocation() {
    assert_allocations(&ACTUAL, 1, 0);
}

#[test]
fn a_response_without_headers_costs_one_header_map() {
    assert_allocations(&ACTUAL, 0, HEADER_MAP);
}

#[test]
fn a_response_with_a_full_header_map_costs_its_growth() {
    assert_allocations(&ACTUAL, ROOM, HEADER_MAP);
}

#[test]
fn a_preflight_costs_its_header_map() {
    assert_allocations(&[Kind::PreflightAllowed, Kind::PreflightRefused], 0, HEADER_MAP);
}

/// A listed origin is not looked up. For any other, the look-up is boxed.
#[test]
fn an_origin_that_is_looked_up_at_once_costs_its_look_up() {
    let policy = policy((0..1).map(origin));
    for allowed in [true, false] {
        let layer = CorsLayer::origin_lookup(policy.clone(), move |_, _| ready(allowed));
        let (mut listed, mut ours) = (CorsLayer::new(&policy).layer(service(1)), layer.layer(service(1)));
        for (kind, look_ups) in [
            (Kind::NoOrigin, 0),
            (Kind::Allowed, 0),
            (Kind::PreflightAllowed, 0),
            (Kind::Refused, 1),
            (Kind::PreflightRefused, 1),
        ] {
            let request = Requests::new(1).next(kind);
            let [(fixed, _), (looked_up, answer)] = [0, 1].map(|which| {
                let mut count =
                    || if which == 0 { call(&mut listed, &request) } else { call(&mut ours, &request) };
                count();
                count()
            });
            let granted = answer.headers().contains_key("access-control-allow-origin");
            assert_eq!(granted, !matches!(kind, Kind::NoOrigin) && (look_ups == 0 || allowed), "{kind:?}");
            if !granted || look_ups == 0 {
                assert_eq!(looked_up - fixed, look_ups, "{kind:?}");
            }
        }
    }
}

#[cfg(feature = "regex")]
#[test]
fn an_expression_costs_no_allocation() {
    let policy = CorsPolicy::builder()
        .allow_origin_regex(r"https://pr-\d+\.preview\.example\.com")
        .allow_origin_regex(r"https://([a-z0-9-]+\.)*example\.org(:\d+)?")
        .build()
        .expect("a policy");
    let mut service = CorsLayer::new(policy).layer(service(1));
    let long = format!("https://{}example.org", "a.".repeat(100));
    for origin in ["https://pr-7.preview.example.com", "https://evil.example", "null", &long] {
        let request = Request::get("/").header("origin", origin).body(()).expect("a request");
        let (bare, _) = call(&mut self::service(1), &request);
        // The first echo makes the request's header value a shared one.
        call(&mut service, &request);
        let (count, _) = call(&mut service, &request);
        assert_eq!(count, bare, "{origin}");
    }
}

/// A host is compared in a buffer on the stack.
#[test]
fn own_and_foreign_hosts_cost_no_allocation_of_their_own() {
    let own = ["http://localhost:*", "https://api.example.com", "https://*.example.org"];
    let policy = CorsPolicy::builder()
        .allow_origin("https://app.example")
        .reject_disallowed_origins(true)
        .served_at(own)
        .build()
        .expect("a policy");
    let mut service = CorsLayer::new(policy).layer(service(1));
    let long = "a.".repeat(5_000);
    for host in ["LOCALHOST:3000", "api.example.com:443", "a.b.example.org", "evil.example", &long] {
        let request = Request::get("/").header("host", host).body(()).expect("a request");
        call(&mut service, &request);
        let (count, _) = call(&mut service, &request);
        // The header map of the service's response, or of the 421.
        assert_eq!(count, HEADER_MAP, "{} bytes of a host", host.len());
    }
}

/// The denial says where in the request the name is. The name is not copied.
#[test]
fn the_name_of_a_refused_header_costs_no_allocation() {
    static BYTES: AtomicUsize = AtomicUsize::new(0);
    let policy = CorsPolicy::builder().allow_origin("https://app.example").allow_headers(["x-a"]).build();
    let layer = CorsLayer::new(policy.expect("a policy")).on_denial(|denial, request| {
        BYTES.fetch_add(denial.header(request).map_or(0, str::len), Ordering::Relaxed);
    });
    let mut service = layer.layer(service(0));
    let request = Request::options("/")
        .header("origin", "https://app.example")
        .header("access-control-request-method", "GET")
        .header("access-control-request-headers", "x-a,x-refused,x-b")
        .body(())
        .expect("a request");
    call(&mut service, &request);
    let (count, _) = call(&mut service, &request);
    assert_eq!((count, BYTES.load(Ordering::Relaxed)), (HEADER_MAP, 2 * "x-refused".len()));
}

/// A shadow writes no answer, so it allocates nothing: whatever the policies are, and whether they agree or not.
#[test]
fn a_shadow_costs_no_allocation() {
    static TOLD: AtomicUsize = AtomicUsize::new(0);
    let listed = || CorsPolicy::builder().allow_origins((0..2).map(origin)).max_age(Duration::from_secs(600));
    let echoing = || listed().allow_credentials(true).allow_any_method().allow_headers(["*", "x-p-*"]);
    let built = |builder: CorsPolicyBuilder| builder.build().expect("a policy");
    let live =
        [policy((0..1).map(origin)), built(CorsPolicy::builder().allow_any_origin().allow_any_method())];
    let shadows = [
        policy((0..2).map(origin)),
        built(listed().vary_by(["x-tenant"])),
        built(echoing()),
        built(listed().allow_origin("https://*.example").reject_disallowed_origins(true)),
    ];
    for (live, shadow) in live.iter().flat_map(|live| shadows.iter().map(move |shadow| (live, shadow))) {
        let told = CorsLayer::new(live).on_denial(|_, _| ());
        let shadowed = told.clone().shadow(shadow.clone()).on_disagreement(|_, _| {
            TOLD.fetch_add(1, Ordering::Relaxed);
        });
        let (mut told, mut ours) = (told.layer(service(1)), shadowed.layer(service(1)));
        for kind in [&ACTUAL[..], &[Kind::PreflightAllowed, Kind::PreflightRefused]].concat() {
            let request = Requests::new(1).next(kind);
            let [without, with] = [0, 1].map(|which| {
                let mut count =
                    || if which == 0 { call(&mut told, &request) } else { call(&mut ours, &request) };
                count();
                count()
            });
            assert_eq!(with.1.headers(), without.1.headers(), "{kind:?}");
            assert_eq!(with.0, without.0, "{kind:?}: {live} and {shadow}");
        }
    }
    assert!(TOLD.load(Ordering::Relaxed) > 0, "the two agree about everything");
}

/// For a layer with one policy. A layer that selects a policy adds to `Vary` the headers that it selects by.
#[test]
fn a_request_that_is_left_to_an_inner_layer_costs_no_allocation() {
    let [(_, layer, _), ..] = layers(1);
    let mut ours = layer.leave_to_inner(|_| true).layer(service(1));
    for kind in [&ACTUAL[..], &[Kind::PreflightAllowed, Kind::PreflightRefused]].concat() {
        let request = Requests::new(1).next(kind);
        let (inner, _) = call(&mut service(1), &request);
        let (by_layer, _) = call(&mut ours, &request);
        assert_eq!(by_layer - inner, 0, "{kind:?}");
    }
}

#[test]
fn a_clone_of_the_service_costs_no_allocation() {
    for size in SIZES {
        for (source, layer, _) in layers(size) {
            let service = layer.layer(service(0));
            let info = measure(|| drop(black_box(service.clone())));
            assert_eq!(info.count_total, 0, "{source} at {size} origins");
        }
    }
}

/// Additional allocations for a service with this many response headers. The layer and the headers by hand must have the
/// same number.
fn assert_allocations(kinds: &[Kind], headers: usize, expected: u64) {
    for size in SIZES {
        let mut bare = service(headers);
        let mut floor = Floor::new((0..size).map(origin)).layer(service(headers));
        for (source, layer, of_source) in layers(size) {
            let mut ours = layer.layer(service(headers));
            for &kind in kinds {
                let request = Requests::new(size).next(kind);
                // A service behind the layer allocates the same as alone, and nothing if it does not run.
                let (inner, _) = call(&mut bare, &request);
                let (by_hand, same) = call(&mut floor, &request);
                // The policy's header values become shared at their first clone. And each thread allocates once before it
                // can read a policy that can be replaced.
                call(&mut ours, &request);
                let (by_layer, answer) = call(&mut ours, &request);
                let case = format!("{source}: {kind:?}, {size} origins");
                assert_eq!((answer.status(), answer.headers()), (same.status(), same.headers()), "{case}");
                let counts = (by_hand - inner, by_layer - inner);
                assert_eq!(counts, (expected, expected + of_source), "by hand and by the layer: {case}");
            }
        }
    }
}

fn service(
    headers: usize,
) -> impl Service<Request<()>, Response = Response<()>, Error = Infallible, Future: Future> + Clone {
    const NAMES: [&str; ROOM] = ["x-0", "x-1", "x-2", "x-3", "x-4", "x-5"];
    service_fn(move |_| {
        let mut response = Response::new(());
        for name in &NAMES[..headers] {
            response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static("0"));
        }
        ready(Ok(response))
    })
}

fn call<S>(service: &mut S, request: &Request<()>) -> (u64, Response<()>)
where
    S: Service<Request<()>, Response = Response<()>>,
{
    let request = request.clone();
    let mut response = None;
    let info = measure(|| {
        let mut answer = pin!(service.call(request));
        if let Poll::Ready(Ok(ready)) = answer.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            response = Some(ready);
        }
    });
    (info.count_total, response.expect("an answer at once"))
}
