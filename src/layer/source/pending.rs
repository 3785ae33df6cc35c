//! A look-up that is still pending when the service is called.

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
    /// The decision, as soon as it can be made. Must not be polled again after that.
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

    /// Whether the service must wait for the decision. While a policy is being looked up, it is unknown whether it rejects, and most
    /// policies do not: the service does not wait.
    pub(in crate::layer) fn keeps_service_waiting(&self) -> bool {
        matches!(self, Self::Origin(origin) if origin.may_reject())
    }
}
