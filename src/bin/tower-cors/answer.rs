//! How the program ends: with an answer, or without one.

use std::fmt;
use std::io;

/// The answer to what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// All is well.
    Yes,
    No,
}

impl Answer {
    /// The worse of two.
    pub(crate) fn and(self, other: Self) -> Self {
        if self == Self::Yes { other } else { self }
    }
}

impl From<bool> for Answer {
    fn from(is_well: bool) -> Self {
        if is_well { Self::Yes } else { Self::No }
    }
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The question could not be understood: what is wrong with it, and what to do.
    Question(String),
    /// The answer could not be written.
    Output(io::Error),
}

impl Failure {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self::Question(text.into())
    }

    /// The same, with the name of the file that it is about.
    pub(crate) fn about(self, name: &str) -> Self {
        match self {
            Self::Question(text) => Self::Question(format!("{name:.200?}: {text}")),
            output @ Self::Output(_) => output,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Question(text) => f.write_str(text),
            Self::Output(error) => write!(f, "cannot write the answer: {error}"),
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}
