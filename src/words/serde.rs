//! What is wrong with a configuration file.

use std::fmt;

use super::issue::write_list;
use super::issue::{Suggestion, write_suggestion};
use crate::check::{Finding, Findings, Found};
use crate::quoted::Quoted;
use crate::spec::serde::{Expected, FIELDS, HasPredicate, Misread, Mistake, Mistakes, Value};

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_list(f, &self.0)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.found().fmt(f)
    }
}

impl Finding {
    /// What is wrong, without the suggestion.
    ///
    /// ```
    /// # use tower_cors::PolicyCheck;
    /// let check: PolicyCheck = serde_json::from_str(r#"{ "allow_origins": ["https://a.example/"] }"#)?;
    /// let finding = check.findings().next().expect("a slash");
    /// assert_eq!(
    ///     finding.message().to_string(),
    ///     "allow_origins: `https://a.example/` ends with a slash, but an origin ends with its host or port"
    /// );
    /// assert_eq!(finding.help().expect("help").to_string(), "did you mean `https://a.example`?");
    /// assert_eq!(finding.to_string(), format!("{}; did you mean `https://a.example`?", finding.message()));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn message(&self) -> impl fmt::Display {
        Statement(self.found())
    }

    /// The [suggestion](Self::suggestion) as a sentence, escaped and cut.
    #[must_use]
    pub fn help(&self) -> Option<impl fmt::Display> {
        self.suggestion().map(Suggestion)
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Statement(self).fmt(f)?;
        write_suggestion(f, self.suggestion())
    }
}

/// What was found, without the suggestion.
struct Statement<'a>(&'a Found);

impl fmt::Display for Statement<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Found::Mistake(mistake) => mistake.write_statement(f),
            Found::Issue(issue) => issue.write_statement(f),
            Found::Warning(warning) => warning.write_statement(f),
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
        self.write_statement(f)?;
        write_suggestion(f, self.suggestion())
    }
}

impl Mistake {
    fn write_statement(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.what {
            Misread::UnknownField { name, meant: Some(_) } => write!(f, "unknown field {}", Quoted(name)),
            Misread::UnknownField { name, meant: None } => {
                write!(f, "unknown field {}. The fields are `{}`", Quoted(name), FIELDS.join("`, `"))
            }
            Misread::Repeated(field) => write!(f, "{field}: is given more than once. Keep one"),
            Misread::Value { field, wrong } => {
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
            Self::Expressions => "a list of strings, or one string for one expression",
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
