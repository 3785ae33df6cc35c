//! The requests that a layer leaves to another one, nearer to the service.

use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

use crate::request::RequestHead;

#[derive(Clone)]
pub(super) struct LeavesToInner(Arc<Leaves>);

type Leaves = dyn Fn(RequestHead<'_>) -> bool + Send + Sync;

// It is called by shared reference: it must itself keep its state consistent when it panics.
impl UnwindSafe for LeavesToInner {}
impl RefUnwindSafe for LeavesToInner {}

impl LeavesToInner {
    pub(super) fn new(leaves: impl Fn(RequestHead<'_>) -> bool + Send + Sync + 'static) -> Self {
        Self(Arc::new(leaves))
    }

    pub(super) fn leaves(&self, request: RequestHead<'_>) -> bool {
        (self.0)(request)
    }
}
