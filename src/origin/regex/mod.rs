//! Regular expressions over whole origins.
//!
//! An expression is compiled to a deterministic automaton. A decision takes one step for each byte, allocates nothing and cannot fail.
//! And a search can find out what the expression matches.

mod automaton;
mod grammar;
mod guard;
mod owner;
mod search;
mod suggestion;

use self::automaton::Automaton;
pub(crate) use self::guard::Dangers;
pub(crate) use self::search::Budget;
pub(crate) use self::suggestion::suggest;
use super::{Origin, RegexProblem};

/// One expression, compiled by itself.
pub(crate) struct Expression {
    text: Box<str>,
    parsed: automaton::Parsed,
    automaton: Automaton,
    needs: Needs,
}

/// The switches of a policy that an expression needs.
#[derive(Clone, Copy, Default)]
struct Needs {
    insecure_origins: bool,
    public_suffixes: bool,
}

impl Expression {
    pub(crate) fn compile(text: &str, budget: &mut Budget) -> Result<Self, RegexProblem> {
        let parsed = automaton::parse(text)?;
        let automaton = Automaton::of_one(&parsed)?;
        let expression = Self { text: text.into(), parsed, automaton, needs: Needs::default() };
        expression.never_matches(budget).map_or(Ok(expression), Err)
    }

    /// Keeps the switches that it needs in a policy with credentials.
    pub(crate) fn remember(&mut self, dangers: &Dangers) {
        self.needs = Needs {
            insecure_origins: dangers.insecure.is_some(),
            public_suffixes: dangers.strangers.is_some(),
        };
    }
}

/// The expressions of a policy, compiled together.
pub(crate) struct OriginRegexes {
    texts: Box<[Box<str>]>,
    automaton: Automaton,
    needs: Needs,
}

impl OriginRegexes {
    /// How many expressions a list may have.
    pub(crate) const MAX_COUNT: usize = 64;

    pub(crate) fn new(mut expressions: Vec<Expression>) -> Result<Self, RegexProblem> {
        let needs = Needs {
            insecure_origins: expressions.iter().any(|expression| expression.needs.insecure_origins),
            public_suffixes: expressions.iter().any(|expression| expression.needs.public_suffixes),
        };
        let together = match expressions.len() {
            1 => None,
            _ => Some(Automaton::of_all(expressions.iter().map(|expression| &expression.parsed))?),
        };
        let last = expressions.pop().map(|last| {
            let Expression { text, automaton, .. } = last;
            (text, automaton)
        });
        let (last, alone) = last.ok_or(RegexProblem::Empty)?;
        let texts = expressions.into_iter().map(|expression| expression.text).chain([last]).collect();
        Ok(Self { texts, automaton: together.unwrap_or(alone), needs })
    }

    /// The first expression that matches, if any does.
    pub(crate) fn matching(&self, origin: &Origin<'_>) -> Option<&str> {
        let first = self.automaton.read(origin.as_str().as_bytes()).first()?;
        self.texts.get(first).map(AsRef::as_ref)
    }

    /// The text of each expression, as it was written.
    pub(crate) fn texts(&self) -> impl ExactSizeIterator<Item = &str> {
        self.texts.iter().map(AsRef::as_ref)
    }

    /// Whether an expression matches an origin of plain `http:`, in a policy with credentials.
    pub(crate) fn need_insecure_origins(&self) -> bool {
        self.needs.insecure_origins
    }

    /// Whether an expression matches hosts of many owners, in a policy with credentials.
    pub(crate) fn need_public_suffixes(&self) -> bool {
        self.needs.public_suffixes
    }
}

#[cfg(test)]
mod tests;
