//! What is measured: a service, and a way to call it.

use std::convert::Infallible;
use std::future::Future;
use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, Response, StatusCode};
use axum::routing::{Route, any};
use tower::{Layer, Service, ServiceExt};

use crate::allocations::count;
use crate::bare::{self, Bare};
use crate::requests::PATH;

/// A way to call a service, with the types of its own requests and responses.
pub trait Call {
    type Request;
    type Response;

    /// Called before the time is measured.
    fn prepare(&self, request: Request<Body>) -> Self::Request;

    fn call(&mut self, request: Self::Request) -> Self::Response;

    fn head(response: Self::Response) -> (StatusCode, HeaderMap);
}

/// The same for all types.
pub trait Subject {
    /// The time to answer these requests, one after the other.
    fn time(&mut self, requests: Vec<Request<Body>>) -> Duration;

    fn allocations(&mut self, request: Request<Body>) -> i64;

    fn answer(&mut self, request: Request<Body>) -> (StatusCode, HeaderMap);
}

impl<C: Call> Subject for C {
    fn time(&mut self, requests: Vec<Request<Body>>) -> Duration {
        let requests: Vec<_> = requests.into_iter().map(|request| self.prepare(request)).collect();
        let start = Instant::now();
        for request in requests {
            black_box(self.call(request));
        }
        start.elapsed()
    }

    fn allocations(&mut self, request: Request<Body>) -> i64 {
        let request = self.prepare(request);
        let (_, tally) = count(|| black_box(self.call(request)));
        tally.allocations
    }

    fn answer(&mut self, request: Request<Body>) -> (StatusCode, HeaderMap) {
        let request = self.prepare(request);
        C::head(self.call(request))
    }
}

/// How a service is called.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// The service itself, repeatedly.
    Direct,
    /// A clone for each request, as servers and routers make them.
    Cloned,
    /// A real router in front of the layer.
    Routed,
}

/// The bare service behind a layer.
pub fn layered<L>(mode: Mode, layer: L) -> Box<dyn Subject>
where
    L: Layer<Bare, Service: Answers + Clone + 'static>,
    L: Layer<Route, Service: Answers<Future: Send> + Clone + Send + Sync + 'static>,
    L: Clone + Send + Sync + 'static,
{
    match mode {
        Mode::Direct => {
            let mut service = Layer::<Bare>::layer(&layer, Bare);
            Box::new(Tower(move |request| call(&mut service, request)))
        }
        Mode::Cloned => {
            let service = Layer::<Bare>::layer(&layer, Bare);
            Box::new(Tower(move |request| call(&mut service.clone(), request)))
        }
        Mode::Routed => {
            let answer = async |method: Method| bare::response::<Body>(&method);
            let router = Router::new().route(PATH, any(answer)).layer(layer);
            Box::new(Tower(move |request| {
                let Ok(response) = answer_at_once(router.clone().oneshot(request));
                response
            }))
        }
    }
}

/// The services that are measured.
pub trait Answers: Service<Request<Body>, Response = Response<Body>, Error = Infallible> {}

impl<S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>> Answers for S {}

struct Tower<F>(F);

impl<F: FnMut(Request<Body>) -> Response<Body>> Call for Tower<F> {
    type Request = Request<Body>;
    type Response = Response<Body>;

    fn prepare(&self, request: Request<Body>) -> Request<Body> {
        request
    }

    fn call(&mut self, request: Request<Body>) -> Response<Body> {
        (self.0)(request)
    }

    fn head(response: Response<Body>) -> (StatusCode, HeaderMap) {
        let (parts, _) = response.into_parts();
        (parts.status, parts.headers)
    }
}

fn call(service: &mut impl Answers, request: Request<Body>) -> Response<Body> {
    assert!(service.poll_ready(&mut Context::from_waker(Waker::noop())).is_ready(), "always ready");
    let Ok(response) = answer_at_once(service.call(request));
    response
}

/// No service that is measured ever waits, so no runtime is needed.
pub fn answer_at_once<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => unreachable!("nothing waits"),
    }
}
