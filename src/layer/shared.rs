//! What a layer and all its services share, and the one place where a request is settled.

use http::Response;

use super::inner::LeavesToInner;
use super::source::Source;
use super::watch::Watchers;
use crate::header::Vary;
use crate::protocol::{Decision, DecisionOnly, Decoration};
use crate::request::RequestHead;

#[derive(Clone)]
pub(super) struct Shared<E> {
    pub(super) source: Source,
    /// The `Vary` of every response, for the choice of a policy; `None` if there is no choice.
    pub(super) selected_by: Option<Vary>,
    /// The requests that are left to another layer; `None` if none are.
    pub(super) leaves_to_inner: Option<LeavesToInner>,
    pub(super) watchers: Watchers,
    pub(super) empty_body: E,
}

impl<E> Shared<E> {
    /// The listener for a decision.
    #[inline]
    pub(super) fn listener(&self) -> DecisionOnly {
        DecisionOnly { with_reason: self.watchers.want_reason() }
    }

    #[inline]
    pub(super) fn leaves_to_inner(&self, request: RequestHead<'_>) -> bool {
        self.leaves_to_inner.as_ref().is_some_and(|inner| inner.leaves(request))
    }

    /// Reports a decision to the watchers, and returns what to do: decorate the service's response, or send this answer in its
    /// place.
    // Always inlined: a response is large, and moving it costs more than everything done here.
    #[expect(clippy::inline_always, reason = "measured: a tenth of a request's cost")]
    #[inline(always)]
    pub(super) fn settle(
        &self,
        decision: Decision,
        request: RequestHead<'_>,
    ) -> Result<Decoration, Response<()>> {
        self.watchers.report(&decision, request);
        match decision.answer() {
            Ok(actual) => Ok(actual.into_decoration()),
            Err(mut response) => {
                if let Some(selected_by) = &self.selected_by {
                    selected_by.merge_into(response.headers_mut());
                }
                Err(response)
            }
        }
    }
}
