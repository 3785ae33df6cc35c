//! The layer's heap allocations, counted to the last one and held against the same headers inserted by hand.
//!
//! The counter is a global allocator, which is why this is a test binary of its own. It counts each thread by itself, and
//! everything here runs on the thread that counts.

mod support;

use std::convert::Infallible;
use std::future::{Future, ready};
use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use allocation_counter::measure;
use http::header::{HeaderName, HeaderValue};
use http::{Request, Response};
use support::floor::Floor;
use support::origins::origin;
use support::policy::policy;
use support::requests::{Kind, Requests};
use tower::{Layer, Service, service_fn};
use tower_cors::CorsLayer;

const SIZES: [u32; 2] = [1, 100_000];

const ACTUAL: [Kind; 4] = [Kind::NoOrigin, Kind::Refused, Kind::SameOriginPost, Kind::Allowed];

/// The two tables of a header map, whether new or grown.
const HEADER_MAP: u64 = 2;

/// How many headers the smallest header map holds.
const ROOM: usize = 6;

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

#[test]
fn a_clone_of_the_service_costs_no_allocation() {
    for size in SIZES {
        for layer in layers(size) {
            let service = layer.layer(service(0));
            let info = measure(|| drop(black_box(service.clone())));
            assert_eq!(info.count_total, 0, "at {size} origins");
        }
    }
}

/// Layers that cost the same: one whose policy is fixed, and one whose policy can be replaced.
fn layers(size: u32) -> [CorsLayer; 2] {
    let policy = policy((0..size).map(origin));
    [CorsLayer::from(&policy), CorsLayer::reloadable(policy).0]
}

/// Allocations beyond those of a service whose responses have so many headers, by the layers and by hand alike.
fn assert_allocations(kinds: &[Kind], headers: usize, expected: u64) {
    for (size, layer) in SIZES.into_iter().flat_map(|size| layers(size).map(|layer| (size, layer))) {
        let mut bare = service(headers);
        let mut floor = Floor::new((0..size).map(origin)).layer(service(headers));
        let mut ours = layer.layer(service(headers));
        for &kind in kinds {
            let request = Requests::new(size).next(kind);
            // A service that runs behind the layer allocates what it does by itself, and one that does not run nothing.
            let (inner, _) = call(&mut bare, &request);
            let (by_hand, same) = call(&mut floor, &request);
            // The policy's header values are owned until their first clone, which makes them shared for good; and each thread
            // allocates once what it needs to read a policy that can be replaced.
            call(&mut ours, &request);
            let (by_layer, answer) = call(&mut ours, &request);
            assert_eq!((answer.status(), answer.headers()), (same.status(), same.headers()), "{kind:?}");
            let counts = (by_hand - inner, by_layer - inner);
            assert_eq!(counts, (expected, expected), "by hand and by the layer: {kind:?}, {size} origins");
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
