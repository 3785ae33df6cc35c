//! The panics of the whole process: those on purpose, and all others.

use std::backtrace::Backtrace;
use std::panic;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

/// The start of the message of every panic on purpose.
const ON_PURPOSE: &str = "on purpose: ";

static EXPECTED: AtomicU64 = AtomicU64::new(0);

static OTHERS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// A panic in code outside the layer, which the layer must survive.
pub(crate) fn panic_on_purpose(place: &str) -> ! {
    panic!("{ON_PURPOSE}{place}")
}

/// From here on, panics are counted. Those on purpose are silent; any other one is recorded with its
/// backtrace.
pub(crate) fn count() {
    panic::set_hook(Box::new(|panic| {
        let message = panic.payload().downcast_ref::<String>();
        if message.is_some_and(|message| message.starts_with(ON_PURPOSE)) {
            EXPECTED.fetch_add(1, SeqCst);
            return;
        }
        let told = format!("{panic}\n{}", Backtrace::force_capture());
        OTHERS.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(told);
    }));
}

pub(crate) fn expected() -> u64 {
    EXPECTED.load(SeqCst)
}

/// The panics since the last call.
pub(crate) fn take_others() -> Vec<String> {
    std::mem::take(&mut OTHERS.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
}
