//! Remembers what was logged: each origin, or other thing, is logged once, within a fixed memory and a fixed rate.

use std::hash::{BuildHasher, Hash, Hasher};
use std::mem;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use foldhash::fast::RandomState;

/// How many things are remembered. A new one replaces the one in its slot, which may then be logged again.
const SLOTS: usize = 1024;

/// The most that are logged in a [`WINDOW`]: random origins must not fill a log.
const MOST_IN_WINDOW: u32 = 10;

const WINDOW: Duration = Duration::from_secs(60);

/// How many bytes of an origin, a method or a name are read; real ones are shorter.
const MAX_HASHED: usize = 512;

#[derive(Default)]
pub(super) struct Told {
    hasher: RandomState,
    /// Allocated for the first thing.
    memory: Mutex<Option<Memory>>,
}

struct Memory {
    /// The hash of the last thing in each slot; 0 if empty.
    slots: Box<[u64]>,
    window_start: Instant,
    in_window: u32,
    /// How many new things were not logged since the last one that was.
    suppressed: u64,
}

impl Told {
    /// If a thing is new and may be logged: how many others were not. Its parts identify it.
    ///
    /// If two requests ask at the same time, one gets `None` instead of waiting.
    pub(super) fn is_new(&self, parts: &[&[u8]], now: Instant) -> Option<u64> {
        let hash = self.hash(parts);
        let mut memory = self.memory.try_lock().ok()?;
        memory.get_or_insert_with(|| Memory::new(now)).is_new(hash, now)
    }

    fn hash(&self, parts: &[&[u8]]) -> u64 {
        let mut hasher = self.hasher.build_hasher();
        for part in parts {
            part[..part.len().min(MAX_HASHED)].hash(&mut hasher);
        }
        hasher.finish().max(1)
    }
}

impl Memory {
    fn new(now: Instant) -> Self {
        Self { slots: vec![0; SLOTS].into(), window_start: now, in_window: 0, suppressed: 0 }
    }

    fn is_new(&mut self, hash: u64, now: Instant) -> Option<u64> {
        let slot = usize::try_from(hash % SLOTS as u64).ok().and_then(|index| self.slots.get_mut(index))?;
        if *slot == hash {
            return None;
        }
        if now.duration_since(self.window_start) >= WINDOW {
            (self.window_start, self.in_window) = (now, 0);
        }
        if self.in_window == MOST_IN_WINDOW {
            // Not remembered, so it is logged later, when the rate allows.
            self.suppressed += 1;
            return None;
        }
        self.in_window += 1;
        *slot = hash;
        Some(mem::take(&mut self.suppressed))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_origin_is_told_once() {
        let (refused, now) = (Told::default(), Instant::now());
        assert_eq!(refused.is_new(&[b"https://a.example"], now), Some(0));
        assert_eq!(refused.is_new(&[b"https://a.example"], now), None);
        assert_eq!(refused.is_new(&[b"https://a.example"], now + 9 * WINDOW), None);
        assert_eq!(refused.is_new(&[b"https://b.example"], now), Some(0));
    }

    #[test]
    fn as_many_are_told_as_the_window_allows_and_not_one_more() {
        let (refused, now) = (Told::default(), Instant::now());
        for index in 0..MOST_IN_WINDOW {
            assert_eq!(refused.is_new(&[&index.to_le_bytes()], now), Some(0));
        }
        let just_before = now + WINDOW.saturating_sub(Duration::from_nanos(1));
        assert_eq!(refused.is_new(&[b"one past it"], now), None);
        assert_eq!(refused.is_new(&[b"one past it"], just_before), None);
        assert_eq!(refused.is_new(&[b"one past it"], now + WINDOW), Some(2));
    }

    #[test]
    fn what_has_other_parts_is_another() {
        let (told, now) = (Told::default(), Instant::now());
        assert_eq!(told.is_new(&[b"https://a.example", b"PUT"], now), Some(0));
        assert_eq!(told.is_new(&[b"https://a.example", b"PUT"], now), None);
        assert_eq!(told.is_new(&[b"https://a.example", b"PATCH"], now), Some(0));
        assert_eq!(told.is_new(&[b"https://a.exampleP", b"UT"], now), Some(0));
        assert_eq!(told.is_new(&[b"https://a.example"], now), Some(0));
    }

    #[test]
    fn nothing_waits_for_another() {
        let refused = Told::default();
        let guard = refused.memory.lock().expect("no panic");
        assert_eq!(refused.is_new(&[b"https://a.example"], Instant::now()), None);
        drop(guard);
        assert_eq!(refused.is_new(&[b"https://a.example"], Instant::now()), Some(0));
    }

    #[test]
    fn long_origins_are_read_to_the_limit_and_not_one_past_it() {
        let (refused, now) = (Told::default(), Instant::now());
        let mut origin = vec![b'a'; MAX_HASHED];
        assert_eq!(refused.is_new(&[&origin], now), Some(0));
        origin.push(b'b');
        assert_eq!(refused.is_new(&[&origin], now), None);
        origin[MAX_HASHED - 1] = b'b';
        assert_eq!(refused.is_new(&[&origin], now), Some(0));
    }

    proptest! {
        /// Few origins, so two seldom share a slot.
        #[test]
        fn what_is_told_agrees_with_a_set(asked in prop::collection::vec((0_u8..30, 0_u64..30), 0..200)) {
            let (refused, start) = (Told::default(), Instant::now());
            let slot = |origin: u8| refused.hash(&[&[origin]]) % SLOTS as u64;
            prop_assume!((0..30).map(slot).collect::<HashSet<_>>().len() == 30);
            let (mut now, mut window_start) = (start, None);
            let (mut told, mut in_window, mut suppressed) = (HashSet::new(), 0, 0);
            for (origin, seconds) in asked {
                now += Duration::from_secs(seconds);
                // The first refusal opens the first window.
                let opened = *window_start.get_or_insert(now);
                let mut expected = None;
                if !told.contains(&origin) {
                    if now - opened >= WINDOW {
                        (window_start, in_window) = (Some(now), 0);
                    }
                    if in_window < MOST_IN_WINDOW {
                        in_window += 1;
                        told.insert(origin);
                        expected = Some(mem::take(&mut suppressed));
                    } else {
                        suppressed += 1;
                    }
                }
                prop_assert_eq!(refused.is_new(&[&[origin]], now), expected);
            }
        }
    }
}
