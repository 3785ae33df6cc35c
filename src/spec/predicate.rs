//! Rules written in code.

use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

use crate::origin::Origin;
use crate::request::RequestHead;

/// A function that allows origins. Two are equal if they are clones of the same one.
#[derive(Clone)]
pub(crate) struct Predicate(Arc<Function>);

type Function = dyn Fn(&Origin<'_>, RequestHead<'_>) -> bool + Send + Sync;

// It is called by shared reference: it must itself keep its state consistent when it panics.
impl UnwindSafe for Predicate {}
impl RefUnwindSafe for Predicate {}

impl Predicate {
    pub(crate) fn new(
        function: impl Fn(&Origin<'_>, RequestHead<'_>) -> bool + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(function))
    }

    pub(crate) fn allows(&self, origin: &Origin<'_>, request: RequestHead<'_>) -> bool {
        (self.0)(origin, request)
    }
}

impl PartialEq for Predicate {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl fmt::Debug for Predicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("|origin, request| ...")
    }
}
