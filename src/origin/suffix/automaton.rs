//! The rules as an automaton that reads them from their end. It shares the beginnings and ends that rules have in common.
//!
//! A state is a sequence of one or more steps. A step is a byte: the flags [`IS_LAST`] (of its state) and [`IS_FAR`], and the number in
//! [`ALPHABET`] of the byte that it reads. After a far step come the two bytes of the next state's address. After any other step comes
//! the next state itself, except after a step that reads [`END`], which has no next state.

/// The end of a rule. No text has this byte.
pub(super) const END: u8 = 0xff;

/// The bytes of the rules.
pub(super) const ALPHABET: &[u8; 41] = b"\xff!*-.0123456789abcdefghijklmnopqrstuvwxyz";

pub(super) const IS_LAST: u8 = 0b1000_0000;
pub(super) const IS_FAR: u8 = 0b0100_0000;
const NUMBER: u8 = 0b0011_1111;

/// A state: an address in the table.
#[derive(Clone, Copy)]
pub(super) struct State(usize);

impl State {
    pub(super) const START: Self = Self(0);

    /// Whether a rule ends here.
    pub(super) fn is_end(self) -> bool {
        self.step(END).is_some()
    }

    /// The state after one more byte.
    pub(super) fn step(self, byte: u8) -> Option<Self> {
        self.steps().find(|(read, _)| *read == byte).map(|(_, next)| next)
    }

    /// Each byte that may be next, and the state after it.
    pub(super) fn steps(self) -> impl Iterator<Item = (u8, Self)> {
        let mut rest = TABLE.get(self.0..);
        std::iter::from_fn(move || {
            let (step, behind) = rest?.split_first()?;
            let byte = *ALPHABET.get(usize::from(step & NUMBER))?;
            let (address, behind) = if step & IS_FAR == 0 {
                (TABLE.len() - behind.len(), behind)
            } else {
                let (address, behind) = behind.split_first_chunk()?;
                (usize::from(u16::from_be_bytes(*address)), behind)
            };
            rest = (step & IS_LAST == 0).then_some(behind);
            Some((byte, Self(address)))
        })
    }
}

/// A slice, because its length depends on the list.
static TABLE: &[u8] = include_bytes!("table.bin");
