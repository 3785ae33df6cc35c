//! The policies of a file: one, or a list of which the first that allows the origin decides.

use serde::Deserialize;
use toml_edit::{Item, Value};
use tower_cors::{CorsLayer, CorsPolicy};

use super::answer::Failure;
use super::input;

/// A file with one policy or several, as it was read.
#[derive(Clone)]
pub(crate) struct PolicyFile {
    /// As it was given: a path, or `-`.
    pub(crate) name: String,
    pub(crate) text: String,
    /// Never empty.
    pub(crate) policies: Vec<CorsPolicy>,
}

impl PolicyFile {
    /// Reads a file. Its policies are its fields, those of `cors`, or the list `cors`.
    pub(crate) fn read(name: &str) -> Result<Self, Failure> {
        Self::parse(name, input::read(name)?)
    }

    /// The same for a text that such a file could have.
    pub(crate) fn parse(name: &str, text: String) -> Result<Self, Failure> {
        let policies = parse(&text).map_err(|error| Failure::new(format!("{name:.200?}: {error}")))?;
        Ok(Self { name: name.to_owned(), text, policies })
    }

    /// The layer that a service with these policies would have.
    pub(crate) fn layer(&self) -> CorsLayer {
        match self.policies.as_slice() {
            [policy] => CorsLayer::from(policy),
            policies => CorsLayer::first_match(policies.iter().cloned()),
        }
    }
}

fn parse(text: &str) -> Result<Vec<CorsPolicy>, toml_edit::de::Error> {
    let document: toml_edit::DocumentMut = text.parse().map_err(toml_edit::de::Error::from)?;
    match document.get("cors") {
        None => Ok(vec![toml_edit::de::from_document(document)?]),
        Some(Item::ArrayOfTables(_) | Item::Value(Value::Array(_))) => Ok(toml_edit::de::from_document::<List>(document)?.cors),
        Some(_) => Ok(vec![toml_edit::de::from_document::<One>(document)?.cors]),
    }
}

#[derive(Deserialize)]
struct One {
    cors: CorsPolicy,
}

#[derive(Deserialize)]
struct List {
    cors: Vec<CorsPolicy>,
}
