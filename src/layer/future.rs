//! The response: the layer's own answer, or the service's response, decorated.

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
    /// It is `Send` if the service's future and its output are. Only
    /// [`per_request_async`](crate::CorsLayer::per_request_async) and [`origin_lookup`](crate::CorsLayer::origin_lookup) need the output
    /// to be `Send`: the service's response may have to wait in here for its policy. The bound applies to every source of policies,
    /// because the source is chosen at run time, and all share this type. A future whose output is not `Send` could not be spawned
    /// anyway.
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
        // A separate variant, so that the most common one has nothing more to check or drop.
        DecoratedBySelected { #[pin] response: F, decoration: Option<Decoration>, shared: Arc<Shared<E>> },
        LeftToInner { #[pin] response: F, shared: Arc<Shared<E>> },
        Joined { #[pin] response: Joined<F, E> },
    }
}

impl<F: Future, E> ResponseFuture<F, E> {
    pub(super) fn answered(response: Response<()>, empty_body: E) -> Self {
        Self { kind: Kind::Answered { response: Some(response), empty_body } }
    }

    /// By the layer's only policy.
    pub(super) fn decorated(response: F, decoration: Decoration) -> Self {
        Self { kind: Kind::Decorated { response, decoration: Some(decoration) } }
    }

    /// By a policy that was selected for the request.
    pub(super) fn decorated_by_selected(response: F, decoration: Decoration, shared: Arc<Shared<E>>) -> Self {
        Self { kind: Kind::DecoratedBySelected { response, decoration: Some(decoration), shared } }
    }

    /// By another layer: this one adds only a `Vary` for the choice between the two.
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

/// Decorates a response in place: it is large, and moving it costs more than looking up a header.
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
