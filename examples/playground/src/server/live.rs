//! The policy that is in effect: edited on the page, read by every request.

use std::sync::{PoisonError, RwLock};

use serde::Serialize;
use tower_cors::{CorsPolicy, CorsPolicyBuilder, Issue};

use super::rust;

/// A policy that can be replaced while requests are served.
pub(super) struct LivePolicy(RwLock<Current>);

struct Current {
    policy: CorsPolicy,
    toml: String,
    rust: String,
}

impl LivePolicy {
    pub(super) fn new(toml: &str) -> Result<Self, String> {
        let current = Current::read(toml.to_owned()).map_err(|mistakes| mistakes[0].text.clone())?;
        Ok(Self(RwLock::new(current)))
    }

    /// The current policy. A clone is one reference count, so no lock is held while a request is served.
    pub(super) fn load(&self) -> CorsPolicy {
        self.0.read().unwrap_or_else(PoisonError::into_inner).policy.clone()
    }

    /// The policy's text.
    pub(super) fn toml(&self) -> String {
        self.0.read().unwrap_or_else(PoisonError::into_inner).toml.clone()
    }

    /// The same as Rust.
    pub(super) fn rust(&self) -> String {
        self.0.read().unwrap_or_else(PoisonError::into_inner).rust.clone()
    }

    /// Puts a policy into effect for all requests from now on, unless there is a mistake in it.
    pub(super) fn store(&self, toml: String) -> Result<(), Vec<Mistake>> {
        let current = Current::read(toml)?;
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = current;
        Ok(())
    }
}

impl Current {
    /// Reads a builder first and builds it second, to get its issues as data. `CorsPolicy` itself also implements `Deserialize`;
    /// then they are in the error's message.
    fn read(toml: String) -> Result<Self, Vec<Mistake>> {
        let builder: CorsPolicyBuilder =
            toml_edit::de::from_str(&toml).map_err(|error| vec![Mistake::in_toml(&toml, &error)])?;
        let rust = rust::written(&builder);
        let policy = builder.build().map_err(|error| error.issues().map(Mistake::of).collect::<Vec<_>>())?;
        Ok(Self { policy, toml, rust })
    }
}

/// Something wrong with a policy, for the page to show.
#[derive(Serialize)]
pub(super) struct Mistake {
    /// The field; or the line, if the text is not valid TOML; or `policy`, if it has unknown fields or values of another type.
    place: String,
    text: String,
    /// The value, and the suggestion.
    fix: Option<Fix>,
}

#[derive(Serialize)]
struct Fix {
    value: String,
    suggestion: String,
}

impl Mistake {
    fn in_toml(toml: &str, error: &toml_edit::de::Error) -> Self {
        let around = error.span().and_then(|span| Some((toml.get(..span.start)?, toml.get(span.end..)?)));
        let (before, behind) = around.unwrap_or_default();
        // Reports all mistakes in the policy's text at once, so they concern the whole text.
        let is_about_all = before.trim().is_empty() && behind.trim().is_empty();
        let line = before.matches('\n').count() + 1;
        let place = if is_about_all { "policy".to_owned() } else { format!("line {line}") };
        Self { place, text: error.message().to_owned(), fix: None }
    }

    /// The issue's message without the parts shown beside it: the field at its start, and the suggestion at its end.
    fn of(issue: &Issue) -> Self {
        let message = issue.to_string();
        let text = message.strip_prefix(&format!("{}: ", issue.field())).unwrap_or(&message);
        let fix = issue.value().zip(issue.suggestion());
        let text = match &fix {
            Some((_, suggestion)) => {
                text.strip_suffix(&format!("; did you mean `{suggestion}`?")).unwrap_or(text)
            }
            None => text,
        };
        Self {
            place: issue.field().to_owned(),
            text: text.to_owned(),
            fix: fix.map(|(value, suggestion)| Fix {
                value: value.to_owned(),
                suggestion: suggestion.to_owned(),
            }),
        }
    }
}
