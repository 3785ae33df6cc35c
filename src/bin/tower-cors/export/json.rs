//! The export for programs.

use std::io::{self, Write};

use serde::Serialize;

use super::Exported;
use super::policy::Policy;

#[derive(Serialize)]
struct Document<'e> {
    target: String,
    digest: &'e str,
    losses: Vec<Loss<'e>>,
    policy: Option<&'e Policy>,
    configuration: Option<&'e str>,
}

#[derive(Serialize)]
struct Loss<'e> {
    feature: &'static str,
    fate: &'static str,
    values: &'e [String],
    reason: &'static str,
}

pub(super) fn write(exported: &Exported, output: &mut impl Write) -> io::Result<()> {
    let Exported { target, digest, losses, said, .. } = exported;
    let losses = losses.iter().map(|loss| Loss {
        feature: loss.feature.name(),
        fate: loss.fate.name(),
        values: &loss.values,
        reason: loss.fate.reason(),
    });
    let document = Document {
        target: target.name(),
        digest,
        losses: losses.collect(),
        policy: said.as_ref().map(|(policy, _)| policy),
        configuration: said.as_ref().map(|(_, configuration)| configuration.as_str()),
    };
    serde_json::to_writer_pretty(&mut *output, &document)?;
    writeln!(output)
}
