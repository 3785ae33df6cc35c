//! The response during a look-up: the look-up and the service run at the same time.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::Response;
use http::request::Parts;
use pin_project_lite::pin_project;
use sync_wrapper::SyncWrapper;

use super::body::EmptyBody;
use super::shared::Shared;
use super::source::Pending;
use super::watch::tell_of_replaced_grant;
use crate::protocol::Decoration;
use crate::request::RequestHead;

pin_project! {
    /// A service's response and the look-up that decides how it is decorated; for a preflight, only the look-up.
    pub(super) struct Joined<F, E>
    where
        F: Future,
    {
        #[pin]
        service: Option<F>,
        // Boxed, so that the future of a layer without look-ups stays small. Neither a look-up nor an output need be `Sync`; the
        // future is `Sync` anyway, as nothing in here is ever shared.
        rest: SyncWrapper<Box<Rest<F::Output, E>>>,
    }
}

struct Rest<O, E> {
    shared: Arc<Shared<E>>,
    /// A copy of the request's head, which the service has.
    head: Parts,
    /// Until the look-up is ready.
    pending: Option<Pending>,
    /// Once the look-up is ready.
    decoration: Option<Decoration>,
    /// The service's output, if the service was faster.
    output: Option<O>,
}

impl<F: Future, E> Joined<F, E> {
    /// `service` is `None` for a preflight, which the service must not see.
    pub(super) fn new(pending: Pending, head: Parts, service: Option<F>, shared: Arc<Shared<E>>) -> Self {
        let rest = Rest { shared, head, pending: Some(pending), decoration: None, output: None };
        Self { service, rest: SyncWrapper::new(Box::new(rest)) }
    }
}

impl<F, E, B, Error> Future for Joined<F, E>
where
    F: Future<Output = Result<Response<B>, Error>>,
    E: EmptyBody<B>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let rest = this.rest.get_mut();
        // First: if the request is rejected, a service whose future was not polled yet must not start.
        if let Poll::Ready(Some(settled)) = rest.poll_settled(cx) {
            match settled {
                Ok(decoration) => rest.decoration = Some(decoration),
                Err(answer) => {
                    this.service.set(None);
                    return Poll::Ready(Ok(answer.map(|()| rest.shared.empty_body.empty_body())));
                }
            }
        }
        if rest.pending.as_ref().is_some_and(Pending::keeps_service_waiting) {
            return Poll::Pending;
        }
        if let Some(Poll::Ready(output)) = this.service.as_mut().as_pin_mut().map(|service| service.poll(cx))
        {
            this.service.set(None);
            rest.output = Some(output);
        }
        let (decoration, mut output) = match (rest.decoration.take(), rest.output.take()) {
            (Some(decoration), Some(output)) => (decoration, output),
            (decoration, output) => {
                (rest.decoration, rest.output) = (decoration, output);
                return Poll::Pending;
            }
        };
        if let Ok(response) = &mut output {
            let replaced = decoration.apply(response.headers_mut(), rest.shared.selected_by.as_ref());
            if let Some(replaced) = replaced {
                tell_of_replaced_grant(&replaced, response.headers());
            }
        }
        Poll::Ready(output)
    }
}

impl<O, E> Rest<O, E> {
    /// What to do, once, when the look-up is ready; `None` after that.
    fn poll_settled(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Decoration, Response<()>>>> {
        let Some(pending) = &mut self.pending else {
            return Poll::Ready(None);
        };
        let head = RequestHead::from(&self.head);
        pending.poll(cx, head, &mut self.shared.listener()).map(|decision| {
            self.pending = None;
            Some(self.shared.settle(decision, head))
        })
    }
}
