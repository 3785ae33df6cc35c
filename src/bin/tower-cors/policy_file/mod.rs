//! The policies of a file: one, or a list. In a list, the first policy that allows the origin decides.

mod env;
mod format;
mod human;
mod json;
mod node;
mod places;
mod position;
mod reading;
mod syntax;
#[cfg(test)]
mod tests;
mod told;
mod toml;
mod yaml;

use std::io::Write as _;

use tower_cors::{CorsLayer, CorsPolicy};

pub(crate) use self::format::Format;
pub(crate) use self::human::Report;
pub(crate) use self::position::{Position, Positions};
pub(crate) use self::reading::{Options, Reading, Source};
pub(crate) use self::told::Told;
use super::answer::Failure;

/// A file with one policy or several, as read.
#[derive(Clone)]
pub(crate) struct PolicyFile {
    /// The argument: a path, or `-`.
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) format: Format,
    /// Never empty.
    pub(crate) policies: Vec<CorsPolicy>,
}

impl PolicyFile {
    /// Reads a file. Its policies are its fields, those of `cors`, or the list `cors`. Mistakes are reported on standard error,
    /// as by `tower-cors check`.
    pub(crate) fn read(name: &str) -> Result<Self, Failure> {
        Self::read_as(name, &Options::default())
    }

    /// The same, with options for reading.
    pub(crate) fn read_as(name: &str, options: &Options) -> Result<Self, Failure> {
        let reading = Reading::of_file(name, options)?;
        if reading.errors > 0 {
            // If even that cannot be written, the exit status still tells.
            let _ = write!(anstream::stderr(), "{}", Report(&reading));
            return Err(Failure::new(format!("{name:.200?}: {}", reading.refusal())));
        }
        let Reading { text, format, policies, .. } = reading;
        Ok(Self { name: name.to_owned(), text, format, policies })
    }

    /// The same file with another text, if nothing is wrong with that.
    pub(crate) fn with_text(&self, text: String) -> Option<Self> {
        let source = Source::File(self.name.clone());
        let Reading { errors, text, format, policies, .. } =
            Reading::of_text(source, text, self.format, Options::PREFIX);
        (errors == 0).then(|| Self { name: self.name.clone(), text, format, policies })
    }

    /// The layer that a service with these policies would have.
    pub(crate) fn layer(&self) -> CorsLayer {
        match self.policies.as_slice() {
            [policy] => CorsLayer::from(policy),
            policies => CorsLayer::first_match(policies.iter().cloned()),
        }
    }
}
