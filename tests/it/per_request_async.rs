//! `CorsLayer::per_request_async`: the policy is looked up while the service runs.

use std::convert::Infallible;
use std::future::{Future, pending, poll_fn, ready};
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use http::{Request, Response};
use tokio::sync::{mpsc, oneshot};
use tokio::task::yield_now;
use tower::{Layer, Service, ServiceExt, service_fn};
use tower_cors::{CorsLayer, CorsPolicy};

use crate::support::{
    APP, App, PREFLIGHT_VARY, SAFELISTED_METHODS, STRANGER, allow_app, assert_headers, assert_refused,
    preflight, request,
};

const VARY: (&str, &str) = ("vary", "Origin");
const ALLOWED: [(&str, &str); 2] = [VARY, ("access-control-allow-origin", APP)];

fn policy() -> CorsPolicy {
    allow_app().build().expect("a policy")
}

/// Finds a policy, but not at once.
fn later(policy: CorsPolicy) -> CorsLayer {
    CorsLayer::per_request_async(move |_| {
        let policy = policy.clone();
        async move {
            yield_now().await;
            Some(policy)
        }
    })
}

fn get(origin: &str) -> Request<String> {
    request("GET", &[("origin", origin)])
}

fn served() -> Response<String> {
    Response::new("served".to_owned())
}

#[tokio::test]
async fn a_policy_that_is_found_later_decides() {
    let app = App::behind(&later(policy()), &[("access-control-allow-origin", "*")]);
    assert_headers(&app.send_served(get(APP)).await, &ALLOWED);
    assert_headers(&app.send_served(get(STRANGER)).await, &[VARY]);
    assert_headers(&app.send_served(request::<&str>("GET", &[])).await, &[VARY]);
    let response = app.send_unserved(preflight("GET", &[])).await;
    assert_headers(&response, &[PREFLIGHT_VARY, ALLOWED[1], SAFELISTED_METHODS]);
    assert_refused(&app.send_unserved(preflight("PUT", &["x-a", &"a,".repeat(99)])).await, "too many");
}

/// Each waits for the other to have begun: one after the other, neither would end.
#[tokio::test]
async fn the_look_up_and_the_service_run_at_the_same_time() {
    for lookup_is_first in [true, false] {
        let (to_service, from_lookup) = oneshot::channel();
        let (to_lookup, from_service) = oneshot::channel();
        let ends = Mutex::new(Some((to_service, from_service)));
        let layer = CorsLayer::per_request_async(move |_| {
            let (to_service, from_service) = ends.lock().expect("no panic").take().expect("one request");
            async move {
                to_service.send(()).expect("the service waits");
                from_service.await.expect("the service has begun");
                if !lookup_is_first {
                    yield_now().await;
                }
                Some(policy())
            }
        });
        let mut ends = Some((to_lookup, from_lookup));
        let service = layer.layer(service_fn(move |_: Request<String>| {
            let (to_lookup, from_lookup) = ends.take().expect("one request");
            async move {
                to_lookup.send(()).expect("the look-up waits");
                from_lookup.await.expect("the look-up has begun");
                if lookup_is_first {
                    yield_now().await;
                }
                Ok::<_, Infallible>(served())
            }
        }));
        let Ok(response) = service.oneshot(get(APP)).await;
        assert_headers(&response, &ALLOWED);
        assert_eq!(response.body(), "served");
    }
}

#[tokio::test]
async fn a_preflight_waits_for_the_look_up_alone() {
    let never = service_fn(|_: Request<String>| pending::<Result<Response<String>, Infallible>>());
    let Ok(response) = later(policy()).layer(never).oneshot(preflight("GET", &[])).await;
    assert_eq!(response.status(), 204);
}

#[tokio::test]
async fn a_look_up_that_is_ready_lets_a_rejection_come_before_the_service() {
    let rejecting = allow_app().reject_disallowed_origins(true).build().expect("a policy");
    let app = App::behind(&CorsLayer::per_request_async(move |_| ready(Some(rejecting.clone()))), &[]);
    let response = app.send_unserved(get(STRANGER)).await;
    assert_eq!(response.status(), 403);
    assert_headers(&response, &[VARY]);
    assert_headers(&app.send_served(get(APP)).await, &ALLOWED);
}

#[tokio::test]
async fn a_rejection_that_comes_later_drops_the_service() {
    let rejecting = allow_app().reject_disallowed_origins(true).build().expect("a policy");
    let dropped = Arc::new(());
    let held = Arc::clone(&dropped);
    let service = service_fn(move |_: Request<String>| {
        let held = Arc::clone(&held);
        async move {
            pending::<()>().await;
            drop(held);
            Ok::<_, Infallible>(served())
        }
    });
    let mut service = later(rejecting).layer(service);
    let Ok(response) = service.call(get(STRANGER)).await;
    assert_eq!(response.status(), 403);
    assert_eq!(response.body(), "");
    assert_headers(&response, &[VARY]);
    assert_eq!(Arc::strong_count(&dropped), 2, "the service's closure and this test");
}

/// The same where the service has answered before the policy was found.
#[tokio::test]
async fn a_rejection_that_comes_last_replaces_the_answer() {
    let rejecting = allow_app().reject_disallowed_origins(true).build().expect("a policy");
    let app = App::behind(&later(rejecting), &[("set-cookie", "a=b")]);
    let response = app.send(get(STRANGER)).await;
    assert_eq!((response.status().as_u16(), response.body().as_str()), (403, ""));
    assert_headers(&response, &[VARY]);
    assert_headers(&app.send_served(get(APP)).await, &[ALLOWED[0], ALLOWED[1], ("set-cookie", "a=b")]);
}

#[tokio::test]
async fn a_look_up_that_finds_nothing_or_panics_grants_nothing() {
    type Found = std::pin::Pin<Box<dyn Future<Output = Option<CorsPolicy>> + Send>>;
    let lookups: [fn() -> Found; 5] = [
        || panic!("on purpose, when it is made"),
        || Box::pin(async { panic!("on purpose, at once") }),
        || {
            Box::pin(async {
                yield_now().await;
                panic!("on purpose, later")
            })
        },
        || Box::pin(ready(None)),
        || {
            Box::pin(async {
                yield_now().await;
                None
            })
        },
    ];
    for lookup in lookups {
        let app = App::behind(
            &CorsLayer::per_request_async(move |_| lookup()),
            &[("access-control-allow-origin", "*"), ("etag", "1")],
        );
        assert_headers(&app.send_served(get(APP)).await, &[VARY, ("etag", "1")]);
        assert_refused(&app.send_unserved(preflight("GET", &[])).await, "no policy");
    }
}

#[tokio::test]
async fn a_look_up_gives_up_by_itself() {
    let layer = CorsLayer::per_request_async(|_| async {
        tokio::time::timeout(Duration::from_millis(1), pending()).await.ok().flatten()
    });
    let app = App::behind(&layer, &[]);
    assert_headers(&app.send_served(get(APP)).await, &[VARY]);
}

#[tokio::test]
async fn an_error_of_the_service_passes_whichever_comes_first() {
    for yields in [0, 5] {
        let failing = service_fn(move |_: Request<String>| async move {
            for _ in 0..yields {
                yield_now().await;
            }
            Err::<Response<String>, _>("failed")
        });
        assert_eq!(later(policy()).layer(failing).oneshot(get(APP)).await.expect_err("an error"), "failed");
    }
}

#[tokio::test]
async fn the_look_up_sees_the_request_and_the_service_gets_it_whole() {
    let (told, mut seen) = mpsc::unbounded_channel();
    let at_lookup = told.clone();
    let layer = CorsLayer::per_request_async(move |request| {
        let head = format!("{} {} {:?}", request.method(), request.uri(), request.extensions().get::<u32>());
        at_lookup.send(head).expect("it is read below");
        async {
            yield_now().await;
            Some(policy())
        }
    });
    let service = layer.layer(service_fn(move |request: Request<String>| {
        let head = format!(
            "{} {} {:?} {:?} {}",
            request.method(),
            request.uri(),
            request.extensions().get::<u32>(),
            request.headers()["x-a"],
            request.body()
        );
        told.send(head).expect("it is read below");
        async { Ok::<_, Infallible>(served()) }
    }));
    let mut request = get(APP);
    *request.uri_mut() = "/items?q".parse().expect("a URI");
    request.headers_mut().insert("x-a", http::HeaderValue::from_static("b"));
    request.extensions_mut().insert(7_u32);
    *request.body_mut() = "body".to_owned();
    let Ok(_) = service.oneshot(request).await;
    assert_eq!(seen.recv().await.expect("the look-up"), "GET /items?q Some(7)");
    assert_eq!(seen.recv().await.expect("the service"), "GET /items?q Some(7) \"b\" body");
}

#[tokio::test]
async fn the_hook_is_told_once_when_the_policy_is_found() {
    let told = Arc::new(AtomicUsize::new(0));
    let hook = Arc::clone(&told);
    let layer = later(policy()).on_denial(move |denial, request| {
        assert_eq!(denial.kind(), "origin-not-allowed");
        assert_eq!(request.headers()["origin"], STRANGER);
        hook.fetch_add(1, Ordering::SeqCst);
    });
    let app = App::behind(&layer, &[]);
    app.send_served(get(STRANGER)).await;
    app.send_served(get(APP)).await;
    assert_eq!(told.load(Ordering::SeqCst), 1);
}

#[test]
fn a_dropped_response_drops_the_look_up() {
    let looking = Arc::new(());
    let held = Arc::clone(&looking);
    let layer = CorsLayer::per_request_async(move |_| {
        let held = Arc::clone(&held);
        async move {
            pending::<()>().await;
            drop(held);
            None
        }
    });
    let mut service = layer.layer(service_fn(|_: Request<String>| async { Ok::<_, Infallible>(served()) }));
    let mut response = Box::pin(service.call(get(APP)));
    assert!(response.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    assert_eq!(Arc::strong_count(&looking), 3, "this test, the layer's closure, the look-up");
    drop(response);
    assert_eq!(Arc::strong_count(&looking), 2);
}

#[derive(Default)]
struct Wakes(AtomicUsize);

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// A look-up is polled once when the service is called, with a waker that wakes nobody: the one that counts is the task's.
#[test]
fn a_look_up_wakes_the_task_that_polled_last() {
    let latest: Arc<Mutex<Option<Waker>>> = Arc::default();
    let kept = Arc::clone(&latest);
    let layer = CorsLayer::per_request_async(move |_| {
        let (kept, mut polls) = (Arc::clone(&kept), 0);
        poll_fn(move |cx| {
            polls += 1;
            *kept.lock().expect("no panic") = Some(cx.waker().clone());
            if polls < 4 { Poll::Pending } else { Poll::Ready(Some(policy())) }
        })
    });
    let mut service = layer.layer(service_fn(|_: Request<String>| async { Ok::<_, Infallible>(served()) }));
    let mut response = pin!(service.call(get(APP)));
    for _ in 0..2 {
        let wakes = Arc::new(Wakes::default());
        let task = Waker::from(Arc::clone(&wakes));
        assert!(response.as_mut().poll(&mut Context::from_waker(&task)).is_pending());
        latest.lock().expect("no panic").take().expect("a waker").wake();
        assert_eq!(wakes.0.load(Ordering::SeqCst), 1);
    }
    let mut last = Context::from_waker(Waker::noop());
    let Poll::Ready(Ok(done)) = response.as_mut().poll(&mut last) else { panic!("it is ready") };
    assert_headers(&done, &ALLOWED);
    // Against the contract of `Future`; it neither panics nor answers twice.
    assert!(response.as_mut().poll(&mut last).is_pending());
}

/// Fails to compile rather than to pass.
#[test]
fn the_future_may_go_where_the_services_own_may() {
    fn may_be_sent<T: Send>(_: &T) {}
    let mut service =
        later(policy()).layer(service_fn(|_: Request<String>| async { Ok::<_, Infallible>(served()) }));
    may_be_sent(&service.call(get(APP)));
    let not_sent = std::rc::Rc::new(());
    let mut service = later(policy()).layer(service_fn(move |_: Request<String>| {
        let not_sent = std::rc::Rc::clone(&not_sent);
        async move {
            drop(not_sent);
            Ok::<_, Infallible>(served())
        }
    }));
    drop(service.call(get(APP)));
}
