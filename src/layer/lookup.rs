//! The response while the policy is still being looked up: look-up and service run at the same time.

use std::future::Future;
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use http::Response;
use http::request::Parts;
use pin_project_lite::pin_project;

use super::source::{self, PendingLookup};
use super::{EmptyBody, Shared};
use crate::decision::{Decision, Decoration};
use crate::request::RequestHead;

pin_project! {
    /// A service's response and the look-up of the policy that decorates it; of a preflight, the look-up alone.
    pub(super) struct LookedUp<F, E>
    where
        F: Future,
    {
        #[pin]
        service: Option<F>,
        // Neither a look-up nor an output need be `Sync`, and no lock is ever taken: this is what lets the future be it all the same.
        // In a box, so that the future of a layer that looks nothing up is not larger for it.
        lookup: Mutex<Box<Lookup<F::Output, E>>>,
    }
}

struct Lookup<O, E> {
    shared: Arc<Shared<E>>,
    state: State,
    /// The service's, where it was faster.
    output: Option<O>,
}

enum State {
    /// With the head of the request, whose own is with the service.
    Pending {
        lookup: PendingLookup,
        head: Parts,
    },
    Found(Decoration),
    Done,
}

impl<F: Future, E> LookedUp<F, E> {
    /// `service` is `None` for a preflight, which it is not to see.
    pub(super) fn new(
        lookup: PendingLookup,
        head: Parts,
        service: Option<F>,
        shared: Arc<Shared<E>>,
    ) -> Self {
        let state = State::Pending { lookup, head };
        Self { service, lookup: Mutex::new(Box::new(Lookup { shared, state, output: None })) }
    }
}

impl<F, E, B, Error> Future for LookedUp<F, E>
where
    F: Future<Output = Result<Response<B>, Error>>,
    E: EmptyBody<B>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let lookup = this.lookup.get_mut().unwrap_or_else(PoisonError::into_inner);
        // First of all: a service whose future was not polled yet may not have started, if the request is rejected.
        if let Poll::Ready(Some(answer)) = lookup.poll(cx) {
            this.service.set(None);
            return Poll::Ready(Ok(answer));
        }
        if let Some(service) = this.service.as_mut().as_pin_mut() {
            if let Poll::Ready(output) = service.poll(cx) {
                lookup.output = Some(output);
                this.service.set(None);
            }
        }
        lookup.take_decorated()
    }
}

impl<O, E> Lookup<O, E> {
    /// Ready with the layer's own answer, or with nothing once it is known how to decorate the service's.
    fn poll<B>(&mut self, cx: &mut Context<'_>) -> Poll<Option<Response<B>>>
    where
        E: EmptyBody<B>,
    {
        let State::Pending { lookup, head } = &mut self.state else {
            return Poll::Ready(None);
        };
        let Poll::Ready(policy) = source::poll(lookup, cx) else {
            return Poll::Pending;
        };
        let head = RequestHead::from(&*head);
        let decision = source::decide_by(policy.as_ref(), head, self.shared.wants_reason());
        self.shared.report(&decision, head);
        let answer = match decision {
            Decision::Actual(actual) => {
                self.state = State::Found(actual.into_decoration());
                return Poll::Ready(None);
            }
            Decision::Preflight(preflight) => preflight.into_response(()),
            Decision::Rejected(rejected) => rejected.into_response(()),
        };
        self.state = State::Done;
        let answer = self.shared.answer(answer);
        Poll::Ready(Some(answer.map(|()| self.shared.empty_body.empty_body())))
    }
}

impl<B, Error, E> Lookup<Result<Response<B>, Error>, E> {
    /// The service's output, once it and what it is decorated with are there.
    fn take_decorated(&mut self) -> Poll<Result<Response<B>, Error>> {
        match (mem::replace(&mut self.state, State::Done), self.output.take()) {
            (State::Found(decoration), Some(mut output)) => {
                if let Ok(response) = &mut output {
                    decoration.apply(response.headers_mut(), self.shared.chosen_by.as_ref());
                }
                Poll::Ready(output)
            }
            (state, output) => {
                (self.state, self.output) = (state, output);
                Poll::Pending
            }
        }
    }
}
