//! The policy that a function selects for a request.

use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

use super::found::{Found, NotFound, found};
use crate::layer::caught::caught;
use crate::policy::CorsPolicy;
use crate::request::RequestHead;

#[derive(Clone)]
pub(in crate::layer) struct PerRequest(Arc<Select>);

type Select = dyn Fn(RequestHead<'_>) -> Option<CorsPolicy> + Send + Sync;

// It is called by shared reference: it must itself keep its state consistent when it panics.
impl UnwindSafe for PerRequest {}
impl RefUnwindSafe for PerRequest {}

impl PerRequest {
    pub(in crate::layer) fn new(
        select: impl Fn(RequestHead<'_>) -> Option<CorsPolicy> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(select))
    }

    pub(super) fn look_up(&self, request: RequestHead<'_>) -> Found {
        caught(|| (self.0)(request)).map_err(NotFound::Panicked).and_then(found)
    }
}
