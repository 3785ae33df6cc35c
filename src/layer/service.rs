//! The service: decide, then answer or delegate.

use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::{Request, Response};
use tower_service::Service;

use super::lookup::LookedUp;
use super::source::{Decided, PendingLookup, Source};
use super::{DefaultBody, EmptyBody, ResponseFuture, Shared};
use crate::decision::{self, Decision};
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
        let shared = &self.shared;
        let head = RequestHead::from(&request);
        let decision = match &shared.source {
            Source::Fixed(policy) => policy.decide_with_reason(head, shared.wants_reason()),
            Source::Dynamic(source) => match source.decide(head, shared.wants_reason()) {
                Decided::Now(decision) => decision,
                Decided::Later(lookup) => return self.call_during(lookup, request),
            },
        };
        shared.report(&decision, head);
        let answer = match decision {
            Decision::Actual(actual) => {
                let (response, decoration) = (self.inner.call(request), actual.into_decoration());
                return if shared.chosen_by.is_none() {
                    ResponseFuture::decorated(response, decoration)
                } else {
                    ResponseFuture::decorated_by_choice(response, decoration, Arc::clone(shared))
                };
            }
            Decision::Preflight(preflight) => preflight.into_response(()),
            Decision::Rejected(rejected) => rejected.into_response(()),
        };
        ResponseFuture::answered(shared.answer(answer), shared.empty_body.clone())
    }
}

impl<S, E> Cors<S, E> {
    /// Calls the service while its policy is looked up; not with a preflight, whatever the policy will be.
    fn call_during<RequestBody>(
        &mut self,
        lookup: PendingLookup,
        request: Request<RequestBody>,
    ) -> ResponseFuture<S::Future, E>
    where
        S: Service<Request<RequestBody>>,
    {
        let (head, body) = request.into_parts();
        let service = (!decision::is_preflight(RequestHead::from(&head)))
            .then(|| self.inner.call(Request::from_parts(head.clone(), body)));
        ResponseFuture::looked_up(LookedUp::new(lookup, head, service, Arc::clone(&self.shared)))
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
