//! From a text to an automaton, within limits.

use regex_automata::dfa::{Automaton as _, StartKind, dense};
use regex_automata::nfa::thompson::{self, NFA, WhichCaptures};
use regex_automata::util::primitives::StateID;
use regex_automata::util::start;
use regex_automata::{Anchored, MatchKind};
use regex_syntax::hir::{Hir, Look};
use regex_syntax::{Error, ParserBuilder};

use crate::origin::RegexProblem;

/// The longest text of an expression.
pub(super) const MAX_LEN: usize = 4096;

/// How deep groups may be nested.
pub(super) const MAX_NESTING: u32 = 64;

/// The bytes that the automaton of an expression may take, and as many each for what it is made of and made with. A usual one takes a
/// few thousand; `(a{1000}){1000}` would take gigabytes.
const MAX_SIZE: usize = 1 << 20;

/// The same of all expressions of a policy together.
const MAX_SIZE_TOGETHER: usize = 4 << 20;

/// An expression, parsed.
pub(super) struct Parsed(Hir);

/// An origin is ASCII: of what `\d` and `.` match in other scripts, nothing is lost.
pub(super) fn parse(text: &str) -> Result<Parsed, RegexProblem> {
    if text.is_empty() {
        return Err(RegexProblem::Empty);
    }
    if text.len() > MAX_LEN {
        return Err(RegexProblem::TooLong);
    }
    let mut parser = ParserBuilder::new().unicode(false).utf8(false).nest_limit(MAX_NESTING).build();
    parser.parse(text).map(Parsed).map_err(|error| {
        let (reason, span) = match &error {
            Error::Parse(error) => (error.kind().to_string(), Some(error.span())),
            Error::Translate(error) => (error.kind().to_string(), Some(error.span())),
            _ => (error.to_string(), None),
        };
        let offset = span.map_or(0, |span| span.start.offset);
        let at = text.get(..offset).map_or(1, |before| before.chars().count() + 1);
        RegexProblem::Syntax { reason: reason.into(), at }
    })
}

/// Reads a text from its beginning to its end, and knows then which expressions match the whole of it.
pub(super) struct Automaton(dense::DFA<Vec<u32>>);

impl Automaton {
    pub(super) fn of_one(parsed: &Parsed) -> Result<Self, RegexProblem> {
        Self::within(MAX_SIZE, [parsed].into_iter()).ok_or(RegexProblem::TooComplex)
    }

    pub(super) fn of_all<'p>(parsed: impl Iterator<Item = &'p Parsed>) -> Result<Self, RegexProblem> {
        Self::within(MAX_SIZE_TOGETHER, parsed).ok_or(RegexProblem::TooComplexTogether)
    }

    /// Anchored at both ends, whatever flags and anchors are within. `None` beyond the limits.
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

    /// The state after one more byte; `None` where nothing more can match.
    #[inline]
    pub(super) fn step(&self, State(state): State, byte: u8) -> Option<State> {
        let next = self.0.next_state(state, byte);
        (!self.0.is_dead_state(next)).then_some(State(next))
    }

    /// The expressions that match if the text ends here, by their places.
    pub(super) fn matches(&self, State(state): State) -> impl Iterator<Item = usize> {
        let end = self.0.next_eoi_state(state);
        let count = if self.0.is_match_state(end) { self.0.match_len(end) } else { 0 };
        (0..count).map(move |nth| self.0.match_pattern(end, nth).as_usize())
    }

    /// The first expression that matches a text.
    pub(super) fn first_match(&self, text: &[u8]) -> Option<usize> {
        let end = text.iter().try_fold(self.start()?, |state, byte| self.step(state, *byte))?;
        self.matches(end).min()
    }
}

/// How far an automaton has read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct State(StateID);
