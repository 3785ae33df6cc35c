//! What is wrong with a configuration file.

use std::fmt;

use super::issue::write_list;
use crate::check::{Finding, Findings};
use crate::quoted::Quoted;
use crate::spec::serde::{Expected, FIELDS, HasPredicate, Mistake, Mistakes, Value};

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_list(f, &self.0)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mistake(mistake) => mistake.fmt(f),
            Self::Issue(issue) => issue.fmt(f),
        }
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_list(f, &self.0)
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownField { name, meant: Some(meant) } => {
                write!(f, "unknown field {}; did you mean `{meant}`?", Quoted(name))
            }
            Self::UnknownField { name, meant: None } => {
                write!(f, "unknown field {}. The fields are `{}`", Quoted(name), FIELDS.join("`, `"))
            }
            Self::Repeated(field) => write!(f, "{field}: is given more than once. Keep one"),
            Self::Value { field, wrong } => {
                write!(f, "{field}: {} is not valid. Use {}", wrong.found, wrong.expected)
            }
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("`null`"),
            Self::Bool(value) => write!(f, "`{value}`"),
            Self::Integer(value) => write!(f, "`{value}`"),
            Self::Float(value) => write!(f, "`{value:?}`"),
            Self::Text(text) => Quoted(text).fmt(f),
            Self::List { .. } => f.write_str("a list"),
            Self::Table => f.write_str("a table"),
            Self::Bytes => f.write_str("a byte string"),
        }
    }
}

impl fmt::Display for Expected {
    /// What follows "use", and what follows "expected" where a format found something else.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Policy => "a table with the fields of a CORS policy, such as `allow_origins`",
            Self::Name => "the name of a field",
            Self::Value => "a boolean, a number, a string or a list of strings",
            Self::List => "a list of strings, or one string with commas between its values",
            Self::Text => "strings in this list",
            Self::Switch => "`true` or `false`",
            Self::MaxAge => "a number of seconds, or a duration such as \"10m\"",
            Self::Status => "the number of a status, such as 204",
        })
    }
}

impl fmt::Display for HasPredicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a predicate of `allow_origin_if` is code and cannot be serialized")
    }
}
