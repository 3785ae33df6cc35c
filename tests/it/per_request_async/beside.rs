//! Look-up and service at the same time: which one waits for the other, and which task is woken.

use std::cell::Cell;
use std::convert::Infallible;
use std::future::{Future, pending, ready};
use std::marker::PhantomPinned;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

use axum::body::Body;
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use tokio::sync::mpsc;
use tokio::task::yield_now;
use tokio_stream::wrappers::ReceiverStream;
use tower::{Layer, Service, ServiceExt, service_fn};
use tower_cors::CorsLayer;

use super::{ALLOWED, after, answer, found_after, found_after_calls, signal, take};
use crate::net::Server;
use crate::support::{
    APP, App, VARY, allow_app, assert_headers, assert_headers_of, built, preflight, request,
};

#[tokio::test]
async fn a_look_up_may_wait_for_what_the_service_does() {
    let (begun, seen) = signal();
    let layer = CorsLayer::per_request_async(move |_| {
        let seen = take(&seen);
        async move {
            seen.await.ok()?;
            allow_app().build().ok()
        }
    });
    let service = service_fn(move |_: Request<String>| {
        let begun = take(&begun);
        async move {
            begun.send(()).expect("the look-up waits");
            Ok::<_, Infallible>(answer())
        }
    });
    let Ok(response) = layer.layer(service).oneshot(request("GET", &[("origin", APP)])).await;
    assert_eq!(response.body(), "served");
    assert_headers(&response, &[ALLOWED, VARY, ("x-own", "1")]);
}

#[tokio::test]
async fn a_service_may_wait_for_what_the_look_up_does() {
    let (begun, seen) = signal();
    let layer = CorsLayer::per_request_async(move |_| {
        let begun = take(&begun);
        async move {
            yield_now().await;
            begun.send(()).expect("the service waits");
            yield_now().await;
            allow_app().build().ok()
        }
    });
    let service = service_fn(move |_: Request<String>| {
        let seen = take(&seen);
        async move {
            seen.await.expect("the look-up runs");
            Ok::<_, Infallible>(answer())
        }
    });
    let Ok(response) = layer.layer(service).oneshot(request("GET", &[("origin", APP)])).await;
    assert_headers(&response, &[ALLOWED, VARY, ("x-own", "1")]);
}

#[tokio::test]
async fn whichever_is_faster_the_response_waits_for_both() {
    for (look_up_polls, service_polls) in [(1, 0), (1, 1), (1, 4), (4, 0), (4, 1), (9, 9)] {
        let layer = found_after(look_up_polls, built(allow_app()));
        let service = service_fn(move |_: Request<String>| async move {
            after(service_polls, None).await;
            Ok::<_, Infallible>(answer())
        });
        let Ok(response) = layer.layer(service).oneshot(request("GET", &[("origin", APP)])).await;
        let case = format!("{look_up_polls} and {service_polls}");
        assert_eq!(response.body(), "served", "{case}");
        assert_headers_of(&response, &[ALLOWED, VARY, ("x-own", "1")], &case);
    }
}

#[test]
fn the_service_is_not_even_called_with_a_preflight() {
    let layer = CorsLayer::per_request_async(|_| pending());
    let mut service = layer.layer(service_fn(
        |_: Request<String>| -> std::future::Ready<Result<Response<String>, Infallible>> {
            panic!("the service is called")
        },
    ));
    let mut response = pin!(service.call(preflight("GET", &[])));
    for _ in 0..3 {
        assert!(response.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    }
}

/// An extension that counts how often it is cloned.
#[derive(Default)]
struct Cloned(Arc<AtomicUsize>);

impl Clone for Cloned {
    fn clone(&self) -> Self {
        self.0.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(&self.0))
    }
}

#[tokio::test]
async fn the_head_is_cloned_only_for_a_look_up_that_is_pending() {
    for (polls, clones) in [(0, 0), (1, 1), (5, 1)] {
        let extension = Cloned::default();
        let counter = Arc::clone(&extension.0);
        let mut request = request("GET", &[("origin", APP)]);
        request.extensions_mut().insert(extension);
        App::behind(&found_after(polls, built(allow_app())), &[]).send_served(request).await;
        assert_eq!(counter.load(Ordering::SeqCst), clones, "{polls} polls");
    }
}

/// The event that a future waits for. It keeps only the waker of the last poll, by the contract of `Future`.
struct Awaited<T> {
    polls: usize,
    waker: Option<Waker>,
    value: Option<T>,
}

struct Waiting<T>(Arc<Mutex<Awaited<T>>>);

impl<T> Future for Waiting<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let mut awaited = self.0.lock().expect("no panic");
        awaited.polls += 1;
        if let Some(value) = awaited.value.take() {
            return Poll::Ready(value);
        }
        awaited.waker = Some(context.waker().clone());
        Poll::Pending
    }
}

impl<T> Awaited<T> {
    fn new() -> Arc<Mutex<Self>> {
        Arc::new(Mutex::new(Self { polls: 0, waker: None, value: None }))
    }

    fn arrives(&mut self, value: T) {
        self.value = Some(value);
        self.waker.take().expect("somebody waits").wake();
    }
}

#[derive(Default)]
struct Wakes(AtomicUsize);

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

impl Wakes {
    fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

#[test]
fn the_task_that_polled_last_is_woken_by_either_of_both() {
    for look_up_first in [true, false] {
        let (look_up, service) = (Awaited::new(), Awaited::new());
        let (of_layer, of_service) = (Arc::clone(&look_up), Arc::clone(&service));
        let layer = CorsLayer::per_request_async(move |_| Waiting(Arc::clone(&of_layer)));
        let mut cors = layer.layer(service_fn(move |_: Request<String>| Waiting(Arc::clone(&of_service))));
        let mut response = pin!(cors.call(request("GET", &[("origin", APP)])));

        let (first, second) = (Arc::<Wakes>::default(), Arc::<Wakes>::default());
        let (one, two) = (Waker::from(Arc::clone(&first)), Waker::from(Arc::clone(&second)));
        assert!(response.as_mut().poll(&mut Context::from_waker(&one)).is_pending());
        assert!(response.as_mut().poll(&mut Context::from_waker(&two)).is_pending());

        let find = || look_up.lock().expect("no panic").arrives(allow_app().build().ok());
        let serve = || service.lock().expect("no panic").arrives(Ok::<_, Infallible>(answer()));
        if look_up_first {
            find();
        } else {
            serve();
        }
        assert_eq!((first.count(), second.count()), (0, 1));
        assert!(response.as_mut().poll(&mut Context::from_waker(&two)).is_pending());
        if look_up_first {
            serve();
        } else {
            find();
        }
        assert_eq!((first.count(), second.count()), (0, 2));
        let Poll::Ready(Ok(response)) = response.as_mut().poll(&mut Context::from_waker(&two)) else {
            panic!("both are there")
        };
        assert_headers(&response, &[ALLOWED, VARY, ("x-own", "1")]);

        // A future that is ready is not polled again: it is polled once by the layer, and by each poll until it is
        // ready.
        let polls = |finished_first| if finished_first { 3 } else { 4 };
        assert_eq!(look_up.lock().expect("no panic").polls, 1 + polls(look_up_first));
        assert_eq!(service.lock().expect("no panic").polls, polls(!look_up_first));
    }
}

#[test]
fn a_policy_that_comes_before_the_response_is_polled_is_not_missed() {
    for request in [request("GET", &[("origin", APP)]), preflight("GET", &[])] {
        let look_up = Awaited::new();
        let of_layer = Arc::clone(&look_up);
        let layer = CorsLayer::per_request_async(move |_| Waiting(Arc::clone(&of_layer)));
        let mut cors = layer.layer(service_fn(|_: Request<String>| ready(Ok::<_, Infallible>(answer()))));
        let mut response = pin!(cors.call(request));
        // A poll from within `call` registers no waker, and needs none: the response will be polled anyway.
        look_up.lock().expect("no panic").arrives(allow_app().build().ok());
        let answer = response.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        let Poll::Ready(Ok(response)) = answer else { panic!("it waits") };
        assert_eq!(response.headers()["access-control-allow-origin"], APP);
    }
}

#[test]
fn a_response_that_was_ready_is_pending_ever_after() {
    let mut cors = found_after_calls(1, built(allow_app()))
        .layer(service_fn(|_: Request<String>| ready(Ok::<_, Infallible>(answer()))));
    for request in [request("GET", &[("origin", APP)]), preflight("GET", &[])] {
        let mut response = pin!(cors.call(request));
        let mut context = Context::from_waker(Waker::noop());
        assert!(response.as_mut().poll(&mut context).is_ready());
        assert!(response.as_mut().poll(&mut context).is_pending());
    }
}

#[tokio::test]
async fn a_streaming_body_passes_frame_by_frame() {
    for polls in [0, 3] {
        let (frames, stream) = mpsc::channel::<Result<Bytes, Infallible>>(1);
        let stream = Arc::new(Mutex::new(Some(stream)));
        let layer = found_after(polls, built(allow_app()));
        let service = service_fn(move |_: Request<Incoming>| {
            ready(Ok::<_, Infallible>(Response::new(Body::from_stream(ReceiverStream::new(take(&stream))))))
        });
        let server = Server::hyper(layer.layer(service)).await;
        // The head arrives before any body exists, and each frame before the next one is made.
        let response = server.open(request("GET", &[("origin", APP)])).await;
        assert_headers(&response, &[ALLOWED, VARY, ("transfer-encoding", "chunked")]);
        let mut body = response.into_body();
        for frame in ["one", "two", "three"] {
            frames.send(Ok(Bytes::from(frame))).await.expect("the body is read");
            let received = body.frame().await.expect("a frame").expect("no error").into_data().expect("data");
            assert_eq!(received, frame);
        }
        drop(frames);
        assert!(body.frame().await.is_none());
    }
}

/// A layer with stricter bounds would not compile here: a look-up is `Send`, but neither `Sync` nor `Unpin`.
#[tokio::test]
async fn a_look_up_need_be_neither_sync_nor_unpin() {
    fn is_shared<T: Send + Sync>(future: T) -> T {
        future
    }
    let layer = CorsLayer::per_request_async(|_| async {
        let (polls, _pinned) = (Cell::new(0), PhantomPinned);
        yield_now().await;
        polls.set(polls.get() + 1);
        allow_app().build().ok()
    });
    let mut cors = layer.layer(service_fn(|_: Request<String>| ready(Ok::<_, Infallible>(answer()))));
    let response = tokio::spawn(is_shared(cors.call(request("GET", &[("origin", APP)]))));
    let Ok(response) = response.await.expect("no panic");
    assert_headers(&response, &[ALLOWED, VARY, ("x-own", "1")]);
}
