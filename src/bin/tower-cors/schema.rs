//! `tower-cors schema`: what an editor needs to complete and check a policy file.

use std::io::Write;

use clap::Args;
use serde_json::{Value, json};
use tower_cors::CorsPolicy;

use crate::answer::{Answer, Failure};

/// Print the JSON Schema of a policy file, for editors.
#[derive(Args)]
#[command(after_help = "\
Examples:
  tower-cors schema > cors.schema.json
  tower-cors schema --field cors > settings.schema.json

The first line of a TOML file then is:
  #:schema ./cors.schema.json
And of a YAML file:
  # yaml-language-server: $schema=./cors.schema.json")]
pub(crate) struct Arguments {
    /// The policy, or a list of policies, is in this field of a larger file.
    #[arg(long, value_name = "NAME")]
    field: Option<String>,
}

pub(crate) fn run(Arguments { field }: Arguments, output: &mut impl Write) -> Result<Answer, Failure> {
    match field {
        None => output.write_all(CorsPolicy::JSON_SCHEMA.as_bytes())?,
        Some(field) => {
            let schema = of_larger_file(&field)?;
            writeln!(output, "{schema:#}")?;
        }
    }
    Ok(Answer::Yes)
}

/// The larger file may have any other fields.
fn of_larger_file(field: &str) -> Result<Value, Failure> {
    let mut policy: Value = serde_json::from_str(CorsPolicy::JSON_SCHEMA)
        .map_err(|error| Failure::new(format!("the schema cannot be read: {error}")))?;
    let draft = policy.as_object_mut().and_then(|policy| policy.remove("$schema"));
    let one = json!({ "$ref": "#/definitions/policy" });
    let list = json!({ "type": "array", "items": &one, "minItems": 1 });
    Ok(json!({
        "$schema": draft,
        "type": "object",
        "properties": { field: { "anyOf": [one, list] } },
        "definitions": { "policy": policy },
    }))
}
