//! The policies of a file.

use serde::Deserialize;
use tower_cors::{CorsLayer, CorsPolicy};

use super::Error;

/// Reads one policy, or a list of them.
pub(crate) fn parse(text: &str) -> Result<Vec<CorsPolicy>, Error> {
    let mut file: toml::Table = toml::from_str(text)?;
    match file.remove("cors") {
        None => Ok(vec![CorsPolicy::deserialize(file)?]),
        Some(toml::Value::Array(policies)) => Ok(Vec::deserialize(toml::Value::Array(policies))?),
        Some(policy) => Ok(vec![CorsPolicy::deserialize(policy)?]),
    }
}

/// The layer that a service would have.
pub(crate) fn layer(policies: &[CorsPolicy]) -> CorsLayer {
    match policies {
        [policy] => CorsLayer::from(policy),
        _ => CorsLayer::first_match(policies.iter().cloned()),
    }
}
