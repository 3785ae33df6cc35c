//! All strings of an alphabet.

use std::env;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// All strings of up to this many symbols, each after the same start.
#[derive(Clone, Copy)]
pub(crate) struct Space {
    pub(crate) before: &'static str,
    pub(crate) alphabet: &'static str,
    pub(crate) longest: usize,
}

impl Space {
    /// Calls `visit` with each string.
    pub(crate) fn each(&self, mut visit: impl FnMut(&str)) {
        extend(&mut self.before.to_owned(), self.alphabet, self.longest, &mut visit);
    }

    /// The same for the strings that start with the symbol at this place; for the empty string at the place after
    /// the last one.
    fn each_from(&self, first: usize, visit: &mut impl FnMut(&str)) {
        let mut text = self.before.to_owned();
        match self.alphabet.chars().nth(first) {
            None => visit(&text),
            Some(symbol) => {
                text.push(symbol);
                extend(&mut text, self.alphabet, self.longest - 1, visit);
            }
        }
    }

    fn count(&self) -> u64 {
        (0..=self.longest)
            .map(|len| (self.alphabet.len() as u64).pow(u32::try_from(len).expect("short")))
            .sum()
    }
}

fn extend(text: &mut String, alphabet: &str, left: usize, visit: &mut impl FnMut(&str)) {
    visit(text);
    if left > 0 {
        for symbol in alphabet.chars() {
            text.push(symbol);
            extend(text, alphabet, left - 1, visit);
            text.pop();
        }
    }
}

/// Checks all strings of the spaces on all processors, each of which has its own check, and prints how many there
/// were.
///
/// `TOWER_CORS_LONGER` makes the longest ones longer.
pub(crate) fn of<C: FnMut(&str)>(spaces: &[Space], new_check: impl Fn() -> C + Sync) -> u64 {
    let longer = env::var("TOWER_CORS_LONGER").map_or(0, |longer| longer.parse().expect("a number"));
    let spaces: Vec<_> =
        spaces.iter().map(|space| Space { longest: space.longest + longer, ..*space }).collect();
    let parts: Vec<_> =
        spaces.iter().flat_map(|space| (0..=space.alphabet.len()).map(move |first| (space, first))).collect();
    let (next, workers) = (AtomicUsize::new(0), thread::available_parallelism().map_or(1, usize::from));
    let work = || {
        let (mut check, mut seen) = (new_check(), 0_u64);
        while let Some((space, first)) = parts.get(next.fetch_add(1, Ordering::Relaxed)) {
            space.each_from(*first, &mut |text| {
                check(text);
                seen += 1;
            });
        }
        seen
    };
    let seen = thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        workers.into_iter().map(|worker| worker.join().expect("no difference")).sum()
    });
    assert_eq!(seen, spaces.iter().map(Space::count).sum::<u64>(), "each string is seen once");
    seen
}
