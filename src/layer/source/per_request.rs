//! The policy that a function selects for a request.

use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};

use super::found::decide_by;
use super::{Decided, Dynamic};
use crate::layer::caught::caught;
use crate::policy::CorsPolicy;
use crate::protocol::DecisionOnly;
use crate::request::RequestHead;

pub(in crate::layer) struct PerRequest(Box<Select>);

type Select = dyn Fn(RequestHead<'_>) -> Option<CorsPolicy> + Send + Sync;

// It is called by shared reference: it must itself keep its state consistent when it panics.
impl UnwindSafe for PerRequest {}
impl RefUnwindSafe for PerRequest {}

impl PerRequest {
    pub(in crate::layer) fn new(
        select: impl Fn(RequestHead<'_>) -> Option<CorsPolicy> + Send + Sync + 'static,
    ) -> Self {
        Self(Box::new(select))
    }
}

impl Dynamic for PerRequest {
    fn decide(&self, request: RequestHead<'_>, listener: &mut DecisionOnly) -> Decided {
        Decided::Now(decide_by(caught(|| (self.0)(request)), request, listener))
    }
}

impl fmt::Debug for PerRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PerRequest(|request| ...)")
    }
}
