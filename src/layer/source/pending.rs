//! What is still being looked up when the service is called.

use std::task::{Context, Poll};

use super::found::decide_by;
use super::origin_lookup::PendingOrigin;
use super::per_request_async::PendingPolicy;
use crate::protocol::{Decision, DecisionOnly};
use crate::request::RequestHead;

pub(in crate::layer) enum Pending {
    Policy(PendingPolicy),
    Origin(PendingOrigin),
}

impl Pending {
    /// The decision, as soon as it can be made. Not to be polled again from then on.
    pub(in crate::layer) fn poll(
        &mut self,
        cx: &mut Context<'_>,
        request: RequestHead<'_>,
        listener: &mut DecisionOnly,
    ) -> Poll<Decision> {
        match self {
            Self::Policy(policy) => policy.poll(cx).map(|found| decide_by(found, request, listener)),
            Self::Origin(origin) => origin.poll(cx, request, listener),
        }
    }

    /// Whether the service is not to begin before the decision. Of a policy that is being looked up nobody knows whether it rejects,
    /// and most do not.
    pub(in crate::layer) fn keeps_service_waiting(&self) -> bool {
        matches!(self, Self::Origin(origin) if origin.may_reject())
    }
}
