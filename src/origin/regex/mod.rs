//! Regular expressions over whole origins.
//!
//! An expression is compiled to a deterministic automaton: what decides about a request takes one step for each byte, allocates nothing
//! and cannot fail; and what an automaton matches can be worked out.

mod automaton;

use self::automaton::Automaton;
use super::{Origin, RegexProblem};

/// One expression, compiled by itself.
pub(crate) struct Expression {
    text: Box<str>,
    parsed: automaton::Parsed,
    automaton: Automaton,
}

impl Expression {
    pub(crate) fn compile(text: &str) -> Result<Self, RegexProblem> {
        let parsed = automaton::parse(text)?;
        let automaton = Automaton::of_one(&parsed)?;
        Ok(Self { text: text.into(), parsed, automaton })
    }
}

/// The expressions of a policy, compiled together.
pub(crate) struct OriginRegexes {
    texts: Box<[Box<str>]>,
    automaton: Automaton,
}

impl OriginRegexes {
    /// How many expressions a list may have.
    pub(crate) const MAX_COUNT: usize = 64;

    pub(crate) fn new(mut expressions: Vec<Expression>) -> Result<Self, RegexProblem> {
        let automaton = match expressions.pop() {
            Some(only) if expressions.is_empty() => {
                return Ok(Self { texts: [only.text].into(), automaton: only.automaton });
            }
            last => {
                expressions.extend(last);
                Automaton::of_all(expressions.iter().map(|expression| &expression.parsed))?
            }
        };
        let texts = expressions.into_iter().map(|expression| expression.text).collect();
        Ok(Self { texts, automaton })
    }

    /// The first expression that matches, if one does.
    pub(crate) fn matching(&self, origin: &Origin<'_>) -> Option<&str> {
        let index = self.automaton.first_match(origin.as_str().as_bytes())?;
        self.texts.get(index).map(AsRef::as_ref)
    }

    /// Every expression's text, once, as it was written.
    pub(crate) fn texts(&self) -> impl ExactSizeIterator<Item = &str> {
        self.texts.iter().map(AsRef::as_ref)
    }
}
