//! A minimal service behind the layers.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::task::{Context, Poll};

use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Method, Request, Response};
use tower_service::Service;

/// Answers each request with [`response`].
#[derive(Clone, Copy, Debug)]
pub struct Bare;

impl<B: Default> Service<Request<B>> for Bare {
    type Response = Response<B>;
    type Error = Infallible;
    type Future = Ready<Result<Response<B>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        ready(Ok(response(request.method())))
    }
}

/// One header, as in nearly every response, so its header map already exists. None for `OPTIONS`, so a layer's own
/// answer is not compared with more work than it saves.
pub fn response<B: Default>(method: &Method) -> Response<B> {
    let mut response = Response::new(B::default());
    if method != Method::OPTIONS {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    response
}
