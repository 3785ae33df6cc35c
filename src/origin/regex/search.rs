//! Finds a text that several automata accept, or proves that no such text exists.

use std::collections::HashSet;

use foldhash::fast::RandomState;

use super::automaton::{Automaton, Matches, State};

/// The bytes of origins. The order decides which text is found first: a dot if possible, because it was meant; then letters.
pub(super) const ORIGIN_BYTES: &[u8] =
    b".abcdefghijklmnopqrstuvwxyz0123456789-_:/[]+ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// How many states are searched for all expressions of a policy together. A usual expression needs a few thousand.
pub(super) const MAX_STATES: usize = 300_000;

/// How many states may still be searched.
pub(crate) struct Budget(usize);

/// The budget is spent.
#[derive(Debug)]
pub(super) struct Exhausted;

impl Budget {
    pub(crate) fn new() -> Self {
        Self(MAX_STATES)
    }

    fn spend(&mut self) -> Result<(), Exhausted> {
        self.0 = self.0.checked_sub(1).ok_or(Exhausted)?;
        Ok(())
    }
}

/// An automaton that reads the text.
#[derive(Clone, Copy)]
pub(super) enum Reader<'a> {
    /// It must match.
    Needed(&'a Automaton),
    /// It may match; the search reports whether it does.
    Asked(&'a Automaton),
}

impl<'a> Reader<'a> {
    fn automaton(self) -> &'a Automaton {
        match self {
            Self::Needed(automaton) | Self::Asked(automaton) => automaton,
        }
    }

    /// The state after one more byte; `None` if no text with this beginning matches.
    fn step(self, state: Option<State>, byte: u8) -> Option<State> {
        state.and_then(|state| self.automaton().step(state, byte))
    }

    /// Whether the search goes on with this state.
    fn goes_on(self, state: Option<State>) -> bool {
        matches!(self, Self::Asked(_)) || state.is_some()
    }
}

/// The shortest text of these bytes that `will_do` accepts. It gets the matches of each automaton.
///
/// All automata read the same text at once, breadth first. Of the texts that lead all of them to the same states, only the first is
/// continued.
pub(super) fn find<const N: usize>(
    readers: [Reader<'_>; N],
    bytes: &[u8],
    will_do: impl Fn([Matches; N]) -> bool,
    budget: &mut Budget,
) -> Result<Option<Vec<u8>>, Exhausted> {
    // Of bytes that no automaton distinguishes, the first is enough.
    let mut classes = HashSet::new();
    let bytes: Vec<u8> = bytes
        .iter()
        .copied()
        .filter(|byte| classes.insert(readers.map(|reader| reader.automaton().class(*byte))))
        .collect();
    let mut seen = HashSet::with_hasher(RandomState::default());
    let start = readers.map(|reader| reader.automaton().start());
    seen.insert(start);
    // Each entry has the place of the entry before it, and the byte between the two.
    let mut ahead = vec![(start, 0, 0)];
    let mut next = 0;
    while let Some(&(states, ..)) = ahead.get(next) {
        budget.spend()?;
        let matches = std::array::from_fn(|nth| {
            states[nth].map(|state| readers[nth].automaton().matches(state)).unwrap_or_default()
        });
        if will_do(matches) {
            return Ok(Some(spell(&ahead, next)));
        }
        for byte in &bytes {
            let stepped = std::array::from_fn(|nth| readers[nth].step(states[nth], *byte));
            let goes_on = readers.iter().zip(stepped).all(|(reader, state)| reader.goes_on(state));
            if goes_on && seen.insert(stepped) {
                ahead.push((stepped, next, *byte));
            }
        }
        next += 1;
    }
    Ok(None)
}

fn spell<S>(ahead: &[(S, usize, u8)], mut place: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while place != 0 {
        let (_, before, byte) = &ahead[place];
        bytes.push(*byte);
        place = *before;
    }
    bytes.reverse();
    bytes
}
