//! Finds a text that several automata agree on, or shows that there is none.

use std::collections::HashSet;

use foldhash::fast::RandomState;

use super::automaton::{Automaton, Matches, State};

/// What origins are written with. Of the texts that will do, what is first here is shown: a dot, where one can be, as it is what was
/// meant; then letters.
pub(super) const ORIGIN_BYTES: &[u8] =
    b".abcdefghijklmnopqrstuvwxyz0123456789-_:/[]+ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// How many states are looked at for the expressions of a policy, together. A usual expression needs a few thousand.
pub(super) const MAX_STATES: usize = 300_000;

/// How many states may still be looked at.
pub(crate) struct Budget(usize);

/// There are no more states to look at.
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
    /// It has to match.
    Needed(&'a Automaton),
    /// Whether it matches is one of the questions.
    Asked(&'a Automaton),
}

impl<'a> Reader<'a> {
    fn automaton(self) -> &'a Automaton {
        match self {
            Self::Needed(automaton) | Self::Asked(automaton) => automaton,
        }
    }

    /// The state after one more byte; `None` where no text that goes on so matches.
    fn step(self, state: Option<State>, byte: u8) -> Option<State> {
        state.and_then(|state| self.automaton().step(state, byte))
    }

    /// Whether it may read on.
    fn goes_on(self, state: Option<State>) -> bool {
        matches!(self, Self::Asked(_)) || state.is_some()
    }
}

/// The shortest text of these bytes that will do. `will_do` is told what each automaton says of it.
///
/// All automata read at the same time, breadth first: of the texts that bring all of them to the same states, only the first goes on.
pub(super) fn find<const N: usize>(
    readers: [Reader<'_>; N],
    bytes: &[u8],
    will_do: impl Fn([Matches; N]) -> bool,
    budget: &mut Budget,
) -> Result<Option<Vec<u8>>, Exhausted> {
    // Of bytes that no automaton tells apart, the first will do.
    let mut classes = HashSet::new();
    let bytes: Vec<u8> = bytes
        .iter()
        .copied()
        .filter(|byte| classes.insert(readers.map(|reader| reader.automaton().class(*byte))))
        .collect();
    let mut seen = HashSet::with_hasher(RandomState::default());
    let start = readers.map(|reader| reader.automaton().start());
    seen.insert(start);
    // Each with the place of the one before it, and the byte between them.
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
