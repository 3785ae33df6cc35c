//! The service: decide, then answer or delegate.

use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::{Request, Response};
use tower_service::Service;

use super::{DefaultBody, EmptyBody, ResponseFuture, Shared};
use crate::decision::Decision;
use crate::request::RequestHead;

/// A service behind a [`CorsLayer`](crate::CorsLayer). A clone is one of the inner service and one more reference.
pub struct Cors<S, E = DefaultBody> {
    inner: S,
    shared: Arc<Shared<E>>,
}

impl<S, E> Cors<S, E> {
    pub(super) fn new(inner: S, shared: Arc<Shared<E>>) -> Self {
        Self { inner, shared }
    }

    /// The service behind the layer.
    pub fn get_ref(&self) -> &S {
        &self.inner
    }

    /// The service behind the layer.
    pub fn get_mut(&mut self) -> &mut S {
        &mut self.inner
    }

    /// The service behind the layer, without it.
    pub fn into_inner(self) -> S {
        self.inner
    }
}

impl<S, E, RequestBody, ResponseBody> Service<Request<RequestBody>> for Cors<S, E>
where
    S: Service<Request<RequestBody>, Response = Response<ResponseBody>>,
    E: EmptyBody<ResponseBody> + Clone,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future, E>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<RequestBody>) -> Self::Future {
        let head = RequestHead::from(&request);
        let decision = self.shared.policy.decide_with_reason(head, self.shared.on_denial.is_some());
        if let (Some(on_denial), Some(denial)) = (&self.shared.on_denial, decision.denial()) {
            on_denial(denial, head);
        }
        match decision {
            Decision::Preflight(preflight) => {
                ResponseFuture::answered(preflight.into_response(()), self.shared.empty_body.clone())
            }
            Decision::Rejected(rejected) => {
                ResponseFuture::answered(rejected.into_response(()), self.shared.empty_body.clone())
            }
            Decision::Actual(actual) => ResponseFuture::decorated(self.inner.call(request), actual),
        }
    }
}

impl<S: Clone, E> Clone for Cors<S, E> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), shared: Arc::clone(&self.shared) }
    }
}

impl<S: fmt::Debug, E> fmt::Debug for Cors<S, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cors")
            .field("inner", &self.inner)
            .field("policy", &self.shared.policy)
            .finish_non_exhaustive()
    }
}
