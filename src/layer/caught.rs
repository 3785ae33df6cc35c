//! Catches panics in users' functions, where the request can go on without them.

use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

/// The payload of a panic.
pub(super) type Panic = Box<dyn Any + Send>;

/// Calls a function, and catches its panic. The service then still runs, and so do the other requests on the same HTTP/2
/// connection, which the panic would otherwise end.
pub(super) fn caught<T>(run: impl FnOnce() -> T) -> Result<T, Panic> {
    // The function's state may be inconsistent after a panic, but nothing here uses it again.
    catch_unwind(AssertUnwindSafe(run))
}

/// Polls a user's future, and catches its panic. Must not be polled again after it was ready.
pub(super) fn caught_poll<F: Future + ?Sized>(
    future: Pin<&mut F>,
    cx: &mut Context<'_>,
) -> Poll<Result<F::Output, Panic>> {
    match caught(|| future.poll(cx)) {
        Ok(poll) => poll.map(Ok),
        Err(panic) => Poll::Ready(Err(panic)),
    }
}
