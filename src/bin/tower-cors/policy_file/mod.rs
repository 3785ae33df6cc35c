//! The policies of a file: one, or a list of which the first that allows the origin decides.

mod env;
mod format;
mod json;
mod node;
mod syntax;
#[cfg(test)]
mod tests;
mod toml;
mod yaml;

use std::rc::Rc;

use serde::Deserialize;
use tower_cors::{CorsLayer, CorsPolicy};

pub(crate) use self::format::Format;
use self::node::{Node, Value};
use self::syntax::SyntaxError;
use super::answer::Failure;
use super::input;

/// What the names of variables begin with, unless something else is said.
pub(crate) const ENV_PREFIX: &str = "CORS_";

/// A file with one policy or several, as it was read.
pub(crate) struct PolicyFile {
    /// As it was given: a path, or `-`.
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) format: Format,
    /// Never empty.
    pub(crate) policies: Vec<CorsPolicy>,
}

impl PolicyFile {
    /// Reads a file. Its policies are its fields, those of `cors`, or the list `cors`.
    pub(crate) fn read(name: &str) -> Result<Self, Failure> {
        let text = input::read(name)?;
        let format = Format::recognise(name, &text);
        let about = |what: &dyn std::fmt::Display| Failure::new(format!("{name:.200?}: {what}"));
        let root = parse(format, &text, ENV_PREFIX).map_err(|error| about(&error.message))?;
        let policies = policies(&root);
        let policies = policies.iter().map(|policy| CorsPolicy::deserialize(policy.as_policy()));
        let policies = policies.collect::<Result<_, _>>().map_err(|error| about(&error))?;
        Ok(Self { name: name.to_owned(), text, format, policies })
    }

    /// The layer that a service with these policies would have.
    pub(crate) fn layer(&self) -> CorsLayer {
        match self.policies.as_slice() {
            [policy] => CorsLayer::from(policy),
            policies => CorsLayer::first_match(policies.iter().cloned()),
        }
    }
}

fn parse(format: Format, text: &str, prefix: &str) -> Result<Rc<Node>, SyntaxError> {
    match format {
        Format::Toml => toml::parse(text).map(Rc::new),
        Format::Json => json::parse(text).map(Rc::new),
        Format::Yaml => yaml::parse(text),
        Format::Env => env::parse(text, prefix).map(Rc::new),
    }
}

/// The policies of a text: itself, its `cors`, or each of a list.
fn policies(root: &Rc<Node>) -> Vec<Rc<Node>> {
    let cors = match &root.value {
        Value::Table(entries) => entries.iter().find(|entry| entry.key.name == "cors"),
        _ => None,
    };
    let policies = cors.map_or(root, |entry| &entry.value);
    match &policies.value {
        Value::List(policies) => policies.clone(),
        _ => vec![Rc::clone(policies)],
    }
}
