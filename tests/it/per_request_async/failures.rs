//! Failures: late rejections, errors, panics, and look-ups that never end.

use std::convert::Infallible;
use std::future::{Future, pending, ready};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use http::{Request, Response};
use hyper::body::Incoming;
use tokio::task::yield_now;
use tokio::time::timeout;
use tower::{Layer, Service, ServiceExt, service_fn};
use tower_cors::{CorsLayer, CorsPolicy, Denial};

use super::{after, answer, found_after, found_after_calls, listening, rejecting, signal, take};
use crate::net::Server;
use crate::support::{
    APP, App, OWN_CORS, REJECTION_VARY, STRANGER, VARY, allow_app, assert_headers, assert_headers_of,
    assert_refused, built, preflight, request,
};

#[tokio::test]
async fn a_policy_that_is_found_at_once_rejects_before_the_service_runs() {
    let (layer, heard) = listening(found_after(0, rejecting()));
    let app = App::behind(&layer, &OWN_CORS);
    let response = app.send_unserved(request("POST", &[("origin", STRANGER)])).await;
    assert_eq!(response.status(), 403);
    assert_headers(&response, &[REJECTION_VARY]);
    assert_eq!(*heard.lock().expect("no panic"), [Denial::OriginNotAllowed]);
    app.send_served(request("POST", &[("origin", APP)])).await;
}

/// Counts drops.
struct Guard(Arc<AtomicUsize>);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

#[test]
fn a_policy_that_is_found_later_rejects_and_drops_the_services_future() {
    let dropped = Arc::new(AtomicUsize::new(0));
    let in_service = Arc::clone(&dropped);
    let (found, seen) = signal();
    let (layer, heard) = listening(CorsLayer::per_request_async(move |_| {
        let seen = take(&seen);
        async move {
            seen.await.ok()?;
            Some(rejecting())
        }
    }));
    let mut service = layer.layer(service_fn(move |_: Request<String>| {
        let guard = Guard(Arc::clone(&in_service));
        async move {
            let _guard = guard;
            pending::<Result<Response<String>, Infallible>>().await
        }
    }));
    let mut response = pin!(service.call(request("POST", &[("origin", STRANGER)])));
    let mut context = Context::from_waker(Waker::noop());
    assert!(response.as_mut().poll(&mut context).is_pending());
    assert_eq!(dropped.load(Ordering::SeqCst), 0);
    take(&found).send(()).expect("the look-up waits");
    let Poll::Ready(Ok(answer)) = response.as_mut().poll(&mut context) else { panic!("it waits") };
    assert_eq!((answer.status().as_u16(), answer.body().as_str()), (403, ""));
    assert_headers(&answer, &[REJECTION_VARY]);
    assert_eq!(dropped.load(Ordering::SeqCst), 1, "the service's future is not dropped with the answer");
    assert_eq!(*heard.lock().expect("no panic"), [Denial::OriginNotAllowed]);
}

#[test]
fn a_service_that_was_not_polled_before_the_rejection_is_never_polled() {
    let polled = Arc::new(AtomicUsize::new(0));
    let in_service = Arc::clone(&polled);
    // Pending at the layer's first poll, in `call`.
    let mut service = found_after_calls(1, rejecting()).layer(service_fn(move |_: Request<String>| {
        let polled = Arc::clone(&in_service);
        async move {
            polled.fetch_add(1, Ordering::SeqCst);
            Ok::<_, Infallible>(answer())
        }
    }));
    let mut response = pin!(service.call(request("POST", &[("origin", STRANGER)])));
    let answer = response.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    let Poll::Ready(Ok(answer)) = answer else { panic!("it waits") };
    assert_eq!(answer.status(), 403);
    assert_eq!(polled.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn an_answer_that_came_before_the_rejection_is_not_let_out() {
    let app = App::behind(&found_after(3, rejecting()), &OWN_CORS);
    let response = app.send(request("POST", &[("origin", STRANGER)])).await;
    assert_eq!((response.status().as_u16(), response.body().as_str()), (403, ""));
    assert_headers(&response, &[REJECTION_VARY]);
    // The service ran, as documented: the look-up was not ready at once.
    assert_eq!(app.runs(), 1);
}

#[tokio::test]
async fn an_error_of_the_service_passes_whichever_comes_first() {
    for (look_up_polls, service_polls) in [(0, 0), (0, 2), (1, 0), (4, 0), (1, 4)] {
        let layer = found_after(look_up_polls, built(allow_app()));
        let service = service_fn(move |_: Request<String>| async move {
            after(service_polls, None).await;
            Err::<Response<String>, _>("broken")
        });
        let error = layer.layer(service).oneshot(request("GET", &[("origin", APP)])).await;
        assert_eq!(error.expect_err("an error"), "broken", "{look_up_polls} and {service_polls}");
    }
}

#[tokio::test]
async fn a_look_up_is_dropped_with_the_response() {
    for request in [request("GET", &[("origin", APP)]), preflight("GET", &[])] {
        let dropped = Arc::new(AtomicUsize::new(0));
        let in_look_up = Arc::clone(&dropped);
        let (layer, heard) = listening(CorsLayer::per_request_async(move |_| {
            let guard = Guard(Arc::clone(&in_look_up));
            async move {
                let _guard = guard;
                pending().await
            }
        }));
        let mut service = layer.layer(service_fn(|_: Request<String>| ready(Ok::<_, Infallible>(answer()))));
        let mut response = Box::pin(service.call(request));
        for _ in 0..3 {
            // The service is ready, but its response is not sent.
            assert!(response.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        }
        assert_eq!(dropped.load(Ordering::SeqCst), 0);
        drop(response);
        assert_eq!(dropped.load(Ordering::SeqCst), 1);
        assert_eq!(*heard.lock().expect("no panic"), []);
    }
}

/// The panic of a look-up with a bug.
fn fail() -> Option<CorsPolicy> {
    panic!("a bug in the look-up")
}

/// Look-ups that panic when they are made, at the first poll, and later.
fn broken() -> [(&'static str, CorsLayer); 4] {
    [
        ("made", CorsLayer::per_request_async(|_| ready(fail()))),
        ("polled first", CorsLayer::per_request_async(|_| async { fail() })),
        (
            "polled by the response",
            CorsLayer::per_request_async(|_| async {
                yield_now().await;
                fail()
            }),
        ),
        (
            "polled later",
            CorsLayer::per_request_async(|_| async {
                after(5, None).await;
                fail()
            }),
        ),
    ]
}

#[tokio::test]
async fn a_look_up_that_panics_grants_nothing_and_the_service_answers() {
    for (case, layer) in broken() {
        let (layer, heard) = listening(layer);
        let app = App::behind(&layer, &OWN_CORS);
        // A panic must not leave a task waiting.
        let patience = Duration::from_secs(5);
        let response = timeout(patience, app.send_served(request("GET", &[("origin", APP)]))).await;
        assert_headers_of(&response.expect("an answer"), &[VARY, ("x-own", "1")], case);
        let response = timeout(patience, app.send_unserved(preflight("GET", &[]))).await;
        assert_refused(&response.expect("an answer"), case);
        assert_eq!(*heard.lock().expect("no panic"), [Denial::LookupPanicked; 2], "{case}");
        app.send_served(request::<&str>("GET", &[])).await;
        assert_eq!(heard.lock().expect("no panic").len(), 2, "a request without origin is denied: {case}");
    }
}

/// Outside of any runtime, as in a program that calls the service by hand.
#[test]
fn a_look_up_that_needs_a_runtime_panics_where_none_is_entered() {
    let (layer, heard) = listening(CorsLayer::per_request_async(|_| async {
        timeout(Duration::from_secs(5), pending()).await.unwrap_or(None)
    }));
    let mut service = layer.layer(service_fn(|_: Request<String>| ready(Ok::<_, Infallible>(answer()))));
    let mut context = Context::from_waker(Waker::noop());
    let get = || request("GET", &[("origin", APP)]);
    let Poll::Ready(Ok(response)) = pin!(service.call(get())).poll(&mut context) else { panic!("it waits") };
    assert_headers(&response, &[VARY, ("x-own", "1")]);
    assert_eq!(*heard.lock().expect("no panic"), [Denial::LookupPanicked]);

    // As documented: the runtime in which `call` runs matters.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let _entered = runtime.enter();
    assert!(pin!(service.call(get())).poll(&mut context).is_pending());
    assert_eq!(heard.lock().expect("no panic").len(), 1);
}

#[tokio::test]
async fn a_look_up_that_panics_ends_no_connection_of_http_2() {
    for (case, layer) in broken() {
        let service = service_fn(|_: Request<Incoming>| ready(Ok::<_, Infallible>(answer())));
        let server = Server::hyper(layer.layer(service)).await;
        let sender = server.connect_h2().await;
        let get = || {
            let mut request = request("GET", &[("origin", APP)]);
            *request.uri_mut() = "http://api.example.com/".parse().expect("a URI");
            sender.clone().send_request(request)
        };
        let (first, second) = tokio::join!(get(), get());
        for response in [first, second, get().await] {
            let response = response.expect("the connection is open");
            assert_headers_of(&response, &[VARY, ("x-own", "1")], case);
        }
    }
}

#[tokio::test]
async fn a_look_up_that_never_ends_can_give_up() {
    let layer = CorsLayer::per_request_async(|_| async {
        timeout(Duration::from_millis(1), pending()).await.unwrap_or(None)
    });
    let app = App::behind(&layer, &OWN_CORS);
    let response = app.send_served(request("GET", &[("origin", APP)])).await;
    assert_headers(&response, &[VARY, ("x-own", "1")]);
    assert_refused(&app.send_unserved(preflight("GET", &[])).await, "no policy in time");
}
