//! The layer around a service that immediately gives the response of a case.

use std::convert::Infallible;
use std::future::{Future, Ready, ready};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use http::{HeaderMap, Request, Response};
use tower::{Layer, Service};
use tower_cors::CorsLayer;

/// The response to a request through the layer, around a service that answers with these headers. Its body says whether
/// the service ran.
pub fn call(layer: &CorsLayer, request: Request<()>, answer: &HeaderMap) -> Response<bool> {
    let Ok(response) = run(layer.layer(Answering(answer.clone())).call(request));
    response
}

/// Runs a future that never waits for anything outside.
pub fn run<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    for _ in 0..MOST_POLLS {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return output;
        }
    }
    panic!("the future waits for something outside");
}

/// A look-up may be ready only at the second poll.
const MOST_POLLS: usize = 4;

struct Answering(HeaderMap);

impl Service<Request<()>> for Answering {
    type Response = Response<bool>;
    type Error = Infallible;
    type Future = Ready<Result<Response<bool>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<()>) -> Self::Future {
        let mut response = Response::new(true);
        response.headers_mut().clone_from(&self.0);
        ready(Ok(response))
    }
}
