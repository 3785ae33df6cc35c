//! The layer around a service that does almost nothing, compared with the same headers inserted by hand.

#[path = "../tests/support/mod.rs"]
mod support;

use std::convert::Infallible;
use std::future::{Future, ready};
use std::hint::black_box;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use http::header::ACCESS_CONTROL_ALLOW_ORIGIN;
use http::{Request, Response};
use support::bare::Bare;
use support::floor::Floor;
use support::origins::origin;
use support::policy::policy;
use support::requests::{Kind, Requests};
use tower::{Layer, Service};
use tower_cors::{CorsLayer, CorsPolicy};

criterion_main!(benches);

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(100))
        .measurement_time(Duration::from_millis(400));
    targets = middleware, sources, watchers
}

const KINDS: [Kind; 6] = [
    Kind::NoOrigin,
    Kind::Allowed,
    Kind::Refused,
    Kind::SameOriginPost,
    Kind::PreflightAllowed,
    Kind::PreflightRefused,
];

fn middleware(criterion: &mut Criterion) {
    for size in [1, 100_000] {
        let mut floor = Floor::new((0..size).map(origin)).layer(Bare);
        let mut ours = CorsLayer::from(policy((0..size).map(origin))).layer(Bare);
        for kind in KINDS {
            let case = format!("{} of {size}", kind.name());
            if size == 1 {
                bench(criterion, &case, "bare", &mut Bare, size, kind, false);
            }
            bench(criterion, &case, "floor", &mut floor, size, kind, kind.is_allowed());
            bench(criterion, &case, "tower-cors", &mut ours, size, kind, kind.is_allowed());
        }
        let mut group = criterion.benchmark_group(format!("clone of {size}"));
        group.bench_function("floor", |bencher| bencher.iter(|| black_box(&floor).clone()));
        group.bench_function("tower-cors", |bencher| bencher.iter(|| black_box(&ours).clone()));
    }
}

/// The cost of policies that depend on the request, compared with one policy for all.
fn sources(criterion: &mut Criterion) {
    let size = 1000;
    let policy = policy((0..size).map(origin));
    let stranger = CorsPolicy::builder().allow_origin("https://stranger.example").build().expect("a policy");
    let (looked_up, awaited, listed) = (policy.clone(), policy.clone(), policy.clone());
    let layers = [
        ("one policy", CorsLayer::from(&policy)),
        ("reloadable", CorsLayer::reloadable(policy.clone()).0),
        ("first match", CorsLayer::first_match([stranger, policy])),
        ("per request", CorsLayer::per_request(move |_| Some(looked_up.clone()))),
        ("per request, async, at once", CorsLayer::per_request_async(move |_| ready(Some(awaited.clone())))),
        ("listed, others looked up", CorsLayer::origin_lookup(listed, |_, _| ready(false))),
    ];
    for (name, layer) in layers {
        bench(criterion, "allowed by source", name, &mut layer.layer(Bare), size, Kind::Allowed, true);
    }
}

/// The cost of hooks: for each decision, as counters need, and for a shadow policy.
fn watchers(criterion: &mut Criterion) {
    static COUNTED: AtomicU64 = AtomicU64::new(0);
    let size = 1000;
    let layer = CorsLayer::from(policy((0..size).map(origin)));
    let count = |denied: bool| {
        COUNTED.fetch_add(1 + u64::from(denied), Ordering::Relaxed);
    };
    let layers = [
        ("nobody", layer.clone()),
        ("decisions", layer.clone().on_decision(move |decision, _| count(decision.denial().is_some()))),
        ("denials", layer.clone().on_denial(move |_, _| count(true))),
        (
            "a shadow that agrees",
            layer.shadow(policy((0..size).map(origin))).on_disagreement(move |_, _| count(true)),
        ),
    ];
    for (name, layer) in layers {
        for kind in KINDS {
            let case = format!("{} told to", kind.name());
            bench(criterion, &case, name, &mut layer.layer(Bare), size, kind, kind.is_allowed());
        }
    }
}

fn bench<S>(
    criterion: &mut Criterion,
    case: &str,
    implementation: &str,
    service: &mut S,
    size: u32,
    kind: Kind,
    is_allowed: bool,
) where
    S: Service<Request<()>, Response = Response<()>, Error = Infallible>,
{
    let mut requests = Requests::new(size);
    let mut group = criterion.benchmark_group(case);
    group.bench_function(implementation, |bencher| {
        bencher.iter_batched(
            || requests.next(kind),
            |request| {
                let response = answer(service, request);
                assert_eq!(response.headers().contains_key(ACCESS_CONTROL_ALLOW_ORIGIN), is_allowed);
                response
            },
            BatchSize::SmallInput,
        );
    });
}

fn answer<S>(service: &mut S, request: Request<()>) -> Response<()>
where
    S: Service<Request<()>, Response = Response<()>, Error = Infallible>,
{
    match pin!(service.call(request)).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Ok(response)) => response,
        Poll::Pending => unreachable!("nothing waits"),
    }
}
