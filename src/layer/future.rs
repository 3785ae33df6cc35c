//! The response: answered by the layer, or the service's and then decorated.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::Response;
use pin_project_lite::pin_project;

use super::{DefaultBody, EmptyBody};
use crate::decision::Actual;

pin_project! {
    /// The response of a [`Cors`](crate::Cors) service.
    #[must_use = "a future does nothing until it is polled"]
    pub struct ResponseFuture<F, E = DefaultBody> {
        #[pin]
        kind: Kind<F, E>,
    }
}

pin_project! {
    #[project = KindProjection]
    enum Kind<F, E> {
        Answered { response: Option<Response<()>>, empty_body: E },
        Decorated { #[pin] response: F, actual: Option<Actual> },
    }
}

impl<F, E> ResponseFuture<F, E> {
    pub(super) fn answered(response: Response<()>, empty_body: E) -> Self {
        Self { kind: Kind::Answered { response: Some(response), empty_body } }
    }

    pub(super) fn decorated(response: F, actual: Actual) -> Self {
        Self { kind: Kind::Decorated { response, actual: Some(actual) } }
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
            KindProjection::Decorated { response, actual } => {
                // Decorated where it lies: a response is large, and to move it costs more than to look up a header.
                let mut output = response.poll(cx);
                if let Poll::Ready(Ok(response)) = &mut output {
                    if let Some(actual) = actual.take() {
                        actual.decorate(response.headers_mut());
                    }
                }
                output
            }
        }
    }
}

impl<F, E> fmt::Debug for ResponseFuture<F, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}
