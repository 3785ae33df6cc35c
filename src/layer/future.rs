//! The response: answered by the layer, or the service's and then decorated.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::{HeaderMap, HeaderValue, Response};
use pin_project_lite::pin_project;

use super::body::{DefaultBody, EmptyBody};
use super::joined::Joined;
use super::shared::Shared;
use super::watch::tell_of_replaced_grant;
use crate::protocol::Decoration;

pin_project! {
    /// The response of a [`Cors`](crate::Cors) service.
    ///
    /// It is `Send` where the service's future is and what that one returns is. The second matters only to
    /// [`per_request_async`](crate::CorsLayer::per_request_async), where the service's response may have to wait for its policy, in
    /// here. It is asked of every source of a policy all the same: where the policy comes from is decided when the program runs, so
    /// one type is the future of all of them. A future whose output is not `Send` could not be spawned in any case.
    #[must_use = "a future does nothing until it is polled"]
    pub struct ResponseFuture<F, E = DefaultBody>
    where
        F: Future,
    {
        #[pin]
        kind: Kind<F, E>,
    }
}

pin_project! {
    #[project = KindProjection]
    enum Kind<F, E>
    where
        F: Future,
    {
        Answered { response: Option<Response<()>>, empty_body: E },
        Decorated { #[pin] response: F, decoration: Option<Decoration> },
        // A variant of its own, so that the most common one has nothing to check and nothing more to drop.
        DecoratedBySelected { #[pin] response: F, decoration: Option<Decoration>, shared: Arc<Shared<E>> },
        LeftToInner { #[pin] response: F, shared: Arc<Shared<E>> },
        Joined { #[pin] response: Joined<F, E> },
    }
}

impl<F: Future, E> ResponseFuture<F, E> {
    pub(super) fn answered(response: Response<()>, empty_body: E) -> Self {
        Self { kind: Kind::Answered { response: Some(response), empty_body } }
    }

    /// By the one policy that there is.
    pub(super) fn decorated(response: F, decoration: Decoration) -> Self {
        Self { kind: Kind::Decorated { response, decoration: Some(decoration) } }
    }

    /// By a policy that was selected for the request.
    pub(super) fn decorated_by_selected(response: F, decoration: Decoration, shared: Arc<Shared<E>>) -> Self {
        Self { kind: Kind::DecoratedBySelected { response, decoration: Some(decoration), shared } }
    }

    /// By another layer: of this one, a response has no more than what the choice between the two looked at.
    pub(super) fn left_to_inner(response: F, shared: Arc<Shared<E>>) -> Self {
        Self { kind: Kind::LeftToInner { response, shared } }
    }

    pub(super) fn joined(response: Joined<F, E>) -> Self {
        Self { kind: Kind::Joined { response } }
    }
}

impl<F, E, B, Error> Future for ResponseFuture<F, E>
where
    F: Future<Output = Result<Response<B>, Error>>,
    E: EmptyBody<B>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().kind.project() {
            KindProjection::Answered { response, empty_body } => match response.take() {
                Some(response) => Poll::Ready(Ok(response.map(|()| empty_body.empty_body()))),
                // Polled again after it was ready, which is against the contract of `Future`.
                None => Poll::Pending,
            },
            KindProjection::Decorated { response, decoration } => {
                decorate(response.poll(cx), decoration, |decoration, headers| decoration.apply(headers, None))
            }
            KindProjection::DecoratedBySelected { response, decoration, shared } => {
                decorate(response.poll(cx), decoration, |decoration, headers| {
                    decoration.apply(headers, shared.selected_by.as_ref())
                })
            }
            KindProjection::LeftToInner { response, shared } => {
                let mut output = response.poll(cx);
                if let (Poll::Ready(Ok(response)), Some(selected_by)) = (&mut output, &shared.selected_by) {
                    selected_by.merge_into(response.headers_mut());
                }
                output
            }
            KindProjection::Joined { response } => response.poll(cx),
        }
    }
}

/// Decorated where it lies: a response is large, and to move it costs more than to look up a header.
#[inline]
fn decorate<B, Error>(
    mut output: Poll<Result<Response<B>, Error>>,
    decoration: &mut Option<Decoration>,
    apply: impl FnOnce(Decoration, &mut HeaderMap) -> Option<HeaderValue>,
) -> Poll<Result<Response<B>, Error>> {
    if let Poll::Ready(Ok(response)) = &mut output {
        if let Some(decoration) = decoration.take() {
            if let Some(replaced) = apply(decoration, response.headers_mut()) {
                tell_of_replaced_grant(&replaced, response.headers());
            }
        }
    }
    output
}

impl<F: Future, E> fmt::Debug for ResponseFuture<F, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}
