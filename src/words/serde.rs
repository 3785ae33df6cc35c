//! What a configuration file's fields accept.

use std::fmt;

use crate::spec::serde::{Expected, HasPredicate};

impl fmt::Display for Expected {
    /// What follows "expected".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::List => "a list of strings, or one string with commas between its values",
            Self::MaxAge => "a number of seconds, or a duration such as \"10m\"",
        })
    }
}

impl fmt::Display for HasPredicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a predicate of `allow_origin_if` is code and cannot be serialized")
    }
}
