//! The first policy of a list that allows the request's origin.

use std::sync::Arc;

use crate::header::Vary;
use crate::policy::CorsPolicy;
use crate::protocol::{Decision, DecisionOnly, decide_by_first_match};
use crate::request::RequestHead;

#[derive(Clone, Debug)]
pub(in crate::layer) struct FirstMatch(Arc<[CorsPolicy]>);

impl FirstMatch {
    pub(in crate::layer) fn new(policies: impl IntoIterator<Item = CorsPolicy>) -> Self {
        Self(policies.into_iter().collect())
    }

    /// What a policy reads also decides whether the policies after it are used.
    pub(in crate::layer) fn selected_by(&self) -> Vary {
        let varying = self.0.iter().map(|policy| policy.answers().varying.where_selected());
        varying.fold(Vary::origin(), |all, vary| all.merged_with(vary))
    }

    pub(super) fn decide(&self, request: RequestHead<'_>, listener: &mut DecisionOnly) -> Decision {
        decide_by_first_match(&self.0, request, listener)
    }
}
