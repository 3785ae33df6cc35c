//! A global allocator that counts, for one thread, while counting is on. Otherwise it only checks a flag, so times
//! are those of the system's allocator. The counters on crates.io always count, which would slow down the code that
//! allocates most.
#![expect(unsafe_code, reason = "an allocator cannot be written without it")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What was allocated.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    pub allocations: i64,
    /// Bytes that were not freed.
    pub kept: isize,
    /// The most bytes at one time.
    pub peak: isize,
}

/// What a function allocates on this thread.
pub fn count<T>(run: impl FnOnce() -> T) -> (T, Tally) {
    TALLY.set(Some(Tally::default()));
    let result = run();
    (result, TALLY.take().unwrap_or_default())
}

thread_local! {
    static TALLY: Cell<Option<Tally>> = const { Cell::new(None) };
}

struct Counting;

// SAFETY: every call goes to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        note(1, signed(layout.size()));
        // SAFETY: the caller keeps the contract.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        note(1, signed(layout.size()));
        // SAFETY: the caller keeps the contract.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        note(1, signed(size) - signed(layout.size()));
        // SAFETY: the caller keeps the contract.
        unsafe { System.realloc(pointer, layout, size) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        note(0, -signed(layout.size()));
        // SAFETY: the caller keeps the contract.
        unsafe { System.dealloc(pointer, layout) }
    }
}

fn note(allocations: i64, bytes: isize) {
    if let Some(mut tally) = TALLY.get() {
        tally.allocations += allocations;
        tally.kept += bytes;
        tally.peak = tally.peak.max(tally.kept);
        TALLY.set(Some(tally));
    }
}

fn signed(size: usize) -> isize {
    isize::try_from(size).expect("no allocation is larger")
}
