//! The memory of the whole process, with its clients, during the run.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;
use std::time::Duration;

const EVERY: Duration = Duration::from_millis(100);

/// How much more memory may be in use at the end than after the warm-up, in KiB. Allocators that several threads share fragment,
/// especially at the beginning.
const SLACK: u64 = 8 * 1024;

/// The resident memory of this process in KiB, on systems that report it like Linux.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}

/// Every tenth of a second, until the end.
pub(crate) fn sample_until(is_over: &AtomicBool) -> Vec<u64> {
    let mut samples = Vec::with_capacity(1 << 16);
    while !is_over.load(Relaxed) {
        samples.extend(resident());
        thread::sleep(EVERY);
    }
    samples
}

/// The memory in use after the warm-up (the first fifth of the time) and at the end, in KiB. Each is the median over a tenth of the
/// time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Use {
    pub(crate) warm: u64,
    pub(crate) end: u64,
}

impl Use {
    pub(crate) fn of(samples: &[u64]) -> Option<Self> {
        let tenth = samples.len().div_ceil(10);
        let median = |part: &[u64]| {
            let mut part = part.to_vec();
            part.sort_unstable();
            part.get(part.len() / 2).copied()
        };
        let warm = median(samples.get(2 * tenth..3 * tenth)?)?;
        Some(Self { warm, end: median(&samples[samples.len() - tenth..])? })
    }

    pub(crate) fn is_flat(self) -> bool {
        self.end <= self.warm + SLACK
    }
}
