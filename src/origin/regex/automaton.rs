//! Compiles a text to an automaton, within limits.

use regex_automata::dfa::{Automaton as _, StartKind, dense};
use regex_automata::nfa::thompson::{self, NFA, WhichCaptures};
use regex_automata::util::primitives::StateID;
use regex_automata::util::start;
use regex_automata::{Anchored, MatchKind};
use regex_syntax::hir::{Hir, HirKind, Look};
use regex_syntax::{Error, ParserBuilder};

use crate::origin::RegexProblem;

/// The longest expression, in bytes.
pub(super) const MAX_LEN: usize = 4096;

/// The deepest nesting of groups.
pub(super) const MAX_NESTING: u32 = 64;

/// The largest automaton of an expression, in bytes; the same limit holds for its NFA, and for the memory to build it. A usual one
/// takes a few thousand; `(a{1000}){1000}` would take gigabytes.
const MAX_SIZE: usize = 1 << 18;

/// The same, for all expressions of a policy together.
const MAX_SIZE_TOGETHER: usize = 1 << 21;

/// An expression, parsed.
pub(super) struct Parsed(Hir);

/// Without Unicode classes: an origin is ASCII, so `\d` and `.` need not match other scripts.
pub(super) fn parse(text: &str) -> Result<Parsed, RegexProblem> {
    if text.is_empty() {
        return Err(RegexProblem::Empty);
    }
    if text.len() > MAX_LEN {
        return Err(RegexProblem::TooLong);
    }
    parse_any(text).map_err(|error| {
        let (reason, span) = match &*error {
            Error::Parse(error) => (error.kind().to_string(), Some(error.span())),
            Error::Translate(error) => (error.kind().to_string(), Some(error.span())),
            _ => (error.to_string(), None),
        };
        let offset = span.map_or(0, |span| span.start.offset);
        let at = text.get(..offset).map_or(1, |before| before.chars().count() + 1);
        RegexProblem::Syntax { reason: reason.into(), at }
    })
}

fn parse_any(text: &str) -> Result<Parsed, Box<Error>> {
    let mut parser = ParserBuilder::new().unicode(false).utf8(false).nest_limit(MAX_NESTING).build();
    parser.parse(text).map(Parsed).map_err(Box::new)
}

impl Parsed {
    /// The only text that the expression matches, if it is a literal.
    pub(super) fn literal(&self) -> Option<&str> {
        match self.0.kind() {
            HirKind::Literal(literal) => std::str::from_utf8(&literal.0).ok(),
            _ => None,
        }
    }
}

/// Reads a text once from start to end, and then knows which expressions match all of it.
pub(super) struct Automaton(dense::DFA<Vec<u32>>);

impl Automaton {
    pub(super) fn of_one(parsed: &Parsed) -> Result<Self, RegexProblem> {
        Self::within(MAX_SIZE, [parsed].into_iter()).ok_or(RegexProblem::TooComplex)
    }

    /// For expressions that this crate writes.
    pub(super) fn of_texts<T: AsRef<str>>(texts: &[T]) -> Option<Self> {
        let parsed: Vec<_> = texts.iter().map(|text| parse_any(text.as_ref()).ok()).collect::<Option<_>>()?;
        Self::within(MAX_SIZE_TOGETHER, parsed.iter())
    }

    pub(super) fn of_all<'p>(parsed: impl Iterator<Item = &'p Parsed>) -> Result<Self, RegexProblem> {
        Self::within(MAX_SIZE_TOGETHER, parsed).ok_or(RegexProblem::TooComplexTogether)
    }

    /// Anchored at both ends, whatever flags and anchors the expressions have. `None` beyond the limits.
    fn within<'p>(max_size: usize, parsed: impl Iterator<Item = &'p Parsed>) -> Option<Self> {
        let whole: Vec<_> =
            parsed.map(|Parsed(hir)| Hir::concat(vec![hir.clone(), Hir::look(Look::End)])).collect();
        let config = thompson::Config::new()
            .utf8(false)
            .which_captures(WhichCaptures::None)
            .nfa_size_limit(Some(max_size));
        let parts = NFA::compiler().configure(config).build_many_from_hir(&whole).ok()?;
        let config = dense::Config::new()
            .start_kind(StartKind::Anchored)
            .match_kind(MatchKind::All)
            .accelerate(false)
            .dfa_size_limit(Some(max_size))
            .determinize_size_limit(Some(max_size));
        dense::Builder::new().configure(config).build_from_nfa(&parts).ok().map(Self)
    }

    pub(super) fn start(&self) -> Option<State> {
        self.0.start_state(&start::Config::new().anchored(Anchored::Yes)).ok().map(State)
    }

    /// The state after one more byte; `None` if nothing can match any more.
    #[inline]
    pub(super) fn step(&self, State(state): State, byte: u8) -> Option<State> {
        let next = self.0.next_state(state, byte);
        (!self.0.is_dead_state(next)).then_some(State(next))
    }

    /// Two bytes with the same number lead to the same states.
    pub(super) fn class(&self, byte: u8) -> u8 {
        self.0.byte_classes().get(byte)
    }

    /// The expressions that match if the text ends here.
    pub(super) fn matches(&self, State(state): State) -> Matches {
        let end = self.0.next_eoi_state(state);
        let count = if self.0.is_match_state(end) { self.0.match_len(end) } else { 0 };
        (0..count)
            .fold(Matches::default(), |matches, nth| matches.and(self.0.match_pattern(end, nth).as_usize()))
    }

    /// The expressions that match a text.
    pub(super) fn read(&self, text: &[u8]) -> Matches {
        let start = self.start();
        let end = start.and_then(|start| text.iter().try_fold(start, |state, byte| self.step(state, *byte)));
        end.map(|end| self.matches(end)).unwrap_or_default()
    }
}

/// The expressions that match: one bit for each of the first 64.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Matches(u64);

impl Matches {
    fn and(self, place: usize) -> Self {
        Self(
            self.0 | u32::try_from(place).ok().and_then(|place| 1_u64.checked_shl(place)).unwrap_or_default(),
        )
    }

    pub(super) fn has(self, place: usize) -> bool {
        Self::default().and(place).0 & self.0 != 0
    }

    pub(super) fn first(self) -> Option<usize> {
        (self.0 != 0).then(|| self.0.trailing_zeros() as usize)
    }
}

/// The state of an automaton.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct State(StateID);
