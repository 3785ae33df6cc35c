//! The layer, its service and its future as tower sees them.

use std::cell::Cell;
use std::convert::Infallible;
use std::future::{Pending, Ready, pending, ready};
use std::marker::PhantomData;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};

use http::{Request, Response};
use tower::{Layer, Service, ServiceExt, service_fn};
use tower_cors::browser::Browser;
use tower_cors::{
    Actual, Cors, CorsLayer, CorsPolicy, CorsPolicyBuilder, Decision, DefaultBody, Denial, Explanation,
    HeaderProblem, Issue, MethodProblem, Origin, OriginPattern, OriginProblem, Outcome, PolicyEntry,
    PolicyError, PolicyHandle, Preflight, Rejected, Remedy, RequestHead, ResponseFuture, Step,
};

use crate::support::{
    APP, PREFLIGHT_VARY, SAFELISTED_METHODS, allow_app, assert_headers, preflight, request,
};

fn layer() -> CorsLayer {
    CorsLayer::from(allow_app().build().expect("a policy"))
}

/// A service with a fixed readiness, which counts the calls.
struct Readiness {
    answer: Poll<Result<(), &'static str>>,
    asked: usize,
}

impl Service<Request<String>> for Readiness {
    type Response = Response<String>;
    type Error = &'static str;
    type Future = Pending<Result<Response<String>, &'static str>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), &'static str>> {
        self.asked += 1;
        self.answer
    }

    fn call(&mut self, _: Request<String>) -> Self::Future {
        pending()
    }
}

#[test]
fn readiness_is_that_of_the_service_and_nothing_else() {
    for answer in [Poll::Pending, Poll::Ready(Err("broken")), Poll::Ready(Ok(()))] {
        let mut service = layer().layer(Readiness { answer, asked: 0 });
        let mut context = Context::from_waker(Waker::noop());
        for _ in 0..3 {
            assert_eq!(service.poll_ready(&mut context), answer);
        }
        assert_eq!(service.get_ref().asked, 3);
    }
}

#[test]
fn a_response_is_pending_as_long_as_that_of_the_service() {
    let mut service = layer().layer(Readiness { answer: Poll::Ready(Ok(())), asked: 0 });
    let mut context = Context::from_waker(Waker::noop());
    let mut response = Box::pin(service.call(request("GET", &[("origin", APP)])));
    for _ in 0..3 {
        assert!(response.as_mut().poll(&mut context).is_pending());
    }
    // The answer to a preflight waits for nothing: it is ready at once.
    let mut response = Box::pin(service.call(preflight("GET", &[])));
    let Poll::Ready(Ok(response)) = response.as_mut().poll(&mut context) else { panic!("it waits") };
    assert_headers(&response, &[("access-control-allow-origin", APP), SAFELISTED_METHODS, PREFLIGHT_VARY]);
}

#[test]
fn the_service_behind_the_layer_can_be_reached() {
    let mut service = layer().layer(1);
    *service.get_mut() += 1;
    assert_eq!(*service.get_ref(), 2);
    assert_eq!(service.into_inner(), 2);
}

#[tokio::test]
async fn clones_of_a_layer_and_its_services_share_what_it_holds() {
    let token = Arc::new(AtomicUsize::new(0));
    let held = Arc::clone(&token);
    let layer = layer().empty_body(move || {
        held.fetch_add(1, Ordering::SeqCst);
        "made".to_owned()
    });
    let before = Arc::strong_count(&token);
    let layers: Vec<_> = (0..4).map(|_| layer.clone()).collect();
    let services: Vec<_> = layers
        .iter()
        .map(|layer| {
            layer.layer(service_fn(|_: Request<String>| {
                ready(Ok::<_, Infallible>(Response::new(String::new())))
            }))
        })
        .collect();
    let clones = services.clone();
    assert_eq!(Arc::strong_count(&token), before, "a clone is more than a reference");
    drop(services);
    for service in clones {
        let Ok(response) = service.oneshot(preflight("GET", &[])).await;
        assert_eq!(response.body(), "made");
    }
    assert_eq!(token.load(Ordering::SeqCst), 4);
}

#[test]
fn layers_and_policies_are_as_small_as_a_reference() {
    assert_eq!(size_of::<CorsPolicy>(), size_of::<usize>());
    assert_eq!(size_of::<CorsLayer>(), size_of::<usize>());
    assert_eq!(size_of::<Cors<[usize; 4]>>(), size_of::<[usize; 5]>());
}

/// Every request has these values, so each pays for a size that grows: change the numbers on purpose only. They are for
/// 64 bits; padding differs elsewhere.
#[cfg(target_pointer_width = "64")]
#[test]
fn what_a_request_carries_has_a_known_size() {
    let word = size_of::<usize>();
    // The `Vary` value, a reference to the policy, the value to echo, and a denial.
    assert_eq!(size_of::<Actual>(), size_of::<http::HeaderValue>() + 4 * word);
    // The place of the requested header, and the kind.
    assert_eq!(size_of::<Denial>(), 8);
    // Besides the service's own future: the decoration, whose niches distinguish the states, and one more reference,
    // which only a selected policy uses.
    let large = size_of::<Ready<[usize; 64]>>();
    assert_eq!(size_of::<ResponseFuture<Ready<[usize; 64]>>>(), large + size_of::<Actual>());
    // If the service's future is small, the layer's own answer decides the size.
    let actual = size_of::<Actual>() + size_of::<Ready<()>>();
    assert_eq!(size_of::<ResponseFuture<Ready<()>>>(), size_of::<Response<()>>().max(actual));
}

fn is_unwind_safe<T: UnwindSafe + RefUnwindSafe>() {}

/// A test or a server may catch a panic around anything that it keeps. Types that hold a request or a response depend
/// on `http`.
macro_rules! assert_unwind_safe {
    ($($type:ty),* $(,)?) => { $(is_unwind_safe::<$type>();)* };
}

#[test]
fn what_is_kept_is_unwind_safe() {
    assert_unwind_safe!(
        Actual,
        Browser,
        Cors<()>,
        CorsLayer,
        CorsLayer<fn() -> String>,
        CorsPolicy,
        CorsPolicyBuilder,
        Decision,
        DefaultBody,
        Denial,
        Explanation,
        HeaderProblem,
        Issue,
        MethodProblem,
        Origin<'_>,
        OriginPattern,
        OriginProblem,
        Outcome,
        PolicyEntry,
        PolicyError,
        PolicyHandle,
        Preflight,
        Rejected,
        Remedy,
        Step,
    );
}

fn is_shared<T: Send + Sync + Unpin>() {}

fn is_shared_and_cloned<T: Send + Sync + Unpin + Clone>() {}

/// Fails to compile rather than to pass.
macro_rules! assert_shared_and_cloned {
    ($($type:ty),* $(,)?) => { $(is_shared_and_cloned::<$type>();)* };
}

#[test]
fn public_types_are_send_sync_unpin_and_clone() {
    assert_shared_and_cloned!(
        Actual,
        PolicyEntry,
        Cors<()>,
        CorsLayer,
        CorsLayer<fn() -> String>,
        CorsPolicy,
        CorsPolicyBuilder,
        Decision,
        DefaultBody,
        Denial,
        HeaderProblem,
        Issue,
        MethodProblem,
        Origin<'_>,
        OriginPattern,
        OriginProblem,
        PolicyError,
        PolicyHandle,
        Preflight,
        Rejected,
        RequestHead<'_>,
    );
    is_shared::<ResponseFuture<Ready<()>>>();
    is_shared::<ResponseFuture<Ready<()>, fn() -> String>>();
    // It holds a response while the policy is looked up, and is `Sync` even if the response is not.
    is_shared::<ResponseFuture<Pending<Cell<()>>>>();
}

/// Whether a type is `Send`, as a value: its inherent constant takes precedence over the trait's.
struct Sendable<T>(PhantomData<T>);

impl<T: Send> Sendable<T> {
    const HOLDS: bool = true;
}

trait NotSendable {
    const HOLDS: bool = false;
}

impl<T> NotSendable for Sendable<T> {}

/// As documented on `ResponseFuture`. `Pending` itself is always `Send`.
#[test]
fn a_response_is_send_where_the_services_future_and_its_output_are() {
    let seen = [
        Sendable::<ResponseFuture<Pending<()>>>::HOLDS,
        Sendable::<ResponseFuture<Pending<Cell<()>>>>::HOLDS,
        Sendable::<ResponseFuture<Pending<Rc<()>>>>::HOLDS,
        Sendable::<ResponseFuture<Ready<Rc<()>>>>::HOLDS,
    ];
    assert_eq!((seen, Sendable::<Pending<Rc<()>>>::HOLDS), ([true, true, false, false], true));
}

#[test]
fn layers_and_services_print_where_their_policy_comes_from() {
    let policy = allow_app().build().expect("a policy");
    let cases = [
        (CorsLayer::from(&policy), format!("{policy:?}")),
        (CorsLayer::first_match([policy.clone()]), format!("FirstMatch([{policy:?}])")),
        (CorsLayer::reloadable(policy.clone()).0, format!("PolicyHandle({policy:?})")),
        (CorsLayer::per_request(|_| None), "PerRequest(|request| ...)".to_owned()),
        (CorsLayer::per_request_async(|_| pending()), "PerRequestAsync(|request| ...)".to_owned()),
        (
            CorsLayer::origin_lookup(policy.clone(), |_, _| pending()),
            format!("OriginLookup({policy:?}, |origin, request| ...)"),
        ),
    ];
    for (layer, source) in cases {
        assert_eq!(format!("{layer:?}"), format!("CorsLayer {{ source: {source}, .. }}"));
        let service = format!("Cors {{ inner: 1, source: {source}, .. }}");
        assert_eq!(format!("{:?}", layer.layer(1)), service);
        let mut service = layer.layer(service_fn(|_| pending::<Result<Response<()>, Infallible>>()));
        let response = service.call(request::<&str>("GET", &[]));
        assert_eq!(format!("{response:?}"), "ResponseFuture { .. }");
    }
}

/// A layer with stricter bounds would not compile here.
#[tokio::test]
async fn services_and_bodies_that_are_neither_clone_nor_send_are_served() {
    let mut runs = 0;
    let mut service = layer().layer(service_fn(|_: Request<String>| {
        runs += 1;
        ready(Ok::<_, Infallible>(Response::new(Rc::<str>::from("served"))))
    }));
    let Ok(response) = service.call(request("GET", &[("origin", APP)])).await;
    assert_eq!(&**response.body(), "served");
    assert_headers(&response, &[("access-control-allow-origin", APP), ("vary", "Origin")]);
    let Ok(response) = service.call(preflight("GET", &[])).await;
    assert_eq!((response.status().as_u16(), &**response.body()), (204, ""));
    assert_eq!(runs, 1);
}
