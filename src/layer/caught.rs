//! Catches panics in users' functions, where the request can go on without them.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The payload of a panic.
pub(super) type Panic = Box<dyn Any + Send>;

/// Calls a function, and catches its panic. The service then still runs, and so do the other requests on the same HTTP/2
/// connection, which the panic would otherwise end.
pub(super) fn caught<T>(run: impl FnOnce() -> T) -> Result<T, Panic> {
    // The function's state may be inconsistent after a panic, but nothing here uses it again.
    catch_unwind(AssertUnwindSafe(run))
}
