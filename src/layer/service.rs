//! The service: decide, then answer or delegate.

use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::{Request, Response};
use tower_service::Service;

use super::body::{DefaultBody, EmptyBody};
use super::future::ResponseFuture;
use super::joined::Joined;
use super::shared::Shared;
use super::source::{Decided, Pending, Source};
use crate::protocol;
use crate::request::RequestHead;

/// A service behind a [`CorsLayer`](crate::CorsLayer). Cloning it clones the inner service and a reference.
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

    /// Removes the layer, and returns the service behind it.
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
        let shared = &self.shared;
        let head = RequestHead::from(&request);
        if shared.leaves_to_inner(head) {
            let response = self.inner.call(request);
            return ResponseFuture::left_to_inner(response, Arc::clone(shared));
        }
        let decision = match &shared.source {
            // The most common source has a branch of its own: its decision is not moved through another type.
            Source::Fixed(policy) => policy.decide_heard_by(head, &mut shared.listener()),
            Source::Dynamic(source) => match source.decide(head, &mut shared.listener()) {
                Decided::Now(decision) => decision,
                Decided::Later(pending) => return self.call_during(pending, request),
            },
        };
        match shared.settle(decision, head) {
            Ok(decoration) if shared.selected_by.is_none() => {
                ResponseFuture::decorated(self.inner.call(request), decoration)
            }
            Ok(decoration) => {
                let response = self.inner.call(request);
                ResponseFuture::decorated_by_selected(response, decoration, Arc::clone(shared))
            }
            Err(response) => ResponseFuture::answered(response, shared.empty_body.clone()),
        }
    }
}

impl<S, E> Cors<S, E> {
    /// Calls the service while a policy or an origin is looked up. It never gets a preflight, whatever is found.
    fn call_during<RequestBody>(
        &mut self,
        pending: Pending,
        request: Request<RequestBody>,
    ) -> ResponseFuture<S::Future, E>
    where
        S: Service<Request<RequestBody>>,
    {
        let (head, body) = request.into_parts();
        let service = (!protocol::is_preflight(RequestHead::from(&head)))
            .then(|| self.inner.call(Request::from_parts(head.clone(), body)));
        ResponseFuture::joined(Joined::new(pending, head, service, Arc::clone(&self.shared)))
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
            .field("source", &self.shared.source)
            .finish_non_exhaustive()
    }
}
