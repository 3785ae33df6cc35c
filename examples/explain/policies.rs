//! The policies of a file.

use serde::Deserialize;
use tower_cors::{CorsLayer, CorsPolicy, Explanation, Outcome, RequestHead};

use super::Error;

/// Reads one policy, or a list of them.
pub(crate) fn parse(text: &str) -> Result<Vec<CorsPolicy>, Error> {
    let mut file: toml::Table = toml::from_str(text)?;
    match file.remove("cors") {
        None => Ok(vec![CorsPolicy::deserialize(file)?]),
        Some(toml::Value::Array(policies)) if policies.is_empty() => {
            Err("the list of policies is empty".into())
        }
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

/// The policy that decides, with its place in the file, and what it says.
pub(crate) fn explain<'a>(
    policies: &'a [CorsPolicy],
    request: RequestHead<'_>,
) -> Option<(usize, &'a CorsPolicy, Explanation)> {
    let mut deciding = None;
    for (index, policy) in policies.iter().enumerate() {
        let explanation = policy.explain(request);
        let mut steps = explanation.steps().iter();
        let allows = steps.any(|step| step.title() == "allowed origin" && step.outcome() == Outcome::Passed);
        deciding = Some((index, policy, explanation));
        if allows {
            break;
        }
    }
    deciding
}
