//! Panics of what users pass in, where a request goes on without it.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What somebody panicked with.
pub(super) type Panic = Box<dyn Any + Send>;

/// What a function returns, unless it panics. The service runs all the same, and over HTTP/2 the requests of everybody else on this
/// connection do: a panic that went on from here would end it.
pub(super) fn caught<T>(run: impl FnOnce() -> T) -> Result<T, Panic> {
    // What it left half done is its own affair: nothing of it is used here again.
    catch_unwind(AssertUnwindSafe(run))
}
