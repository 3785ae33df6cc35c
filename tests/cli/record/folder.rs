//! Writes a scenario's folder.

use std::fs;
use std::io;

use crate::saved::{self, Text};
use crate::scenario::Scenario;
use crate::texts;
use crate::{Outcome, Tools};

/// All folders of an engine are removed first, so a deleted scenario leaves none behind.
pub(crate) fn clear(engine: &str) -> io::Result<()> {
    match fs::remove_dir_all(saved::folder().join(engine)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Everything that was saved of one request, with what the page saw.
pub(crate) fn write(
    engine: &str,
    version: &str,
    scenario: &Scenario,
    outcome: &Outcome,
    policy_reads: bool,
    tools: &Tools,
) -> io::Result<()> {
    let request = scenario.request(false);
    let folder = saved::folder().join(engine).join(&scenario.name);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let mut written = Vec::new();
    for (file, text) in &tools.texts {
        let Some(text) = text.as_ref().filter(|text| !text.trim().is_empty()) else { continue };
        if texts::extension(file) == "har" && !scenario.har {
            continue;
        }
        // It had no sensitive content.
        if file == "sensitive.har" && tools.text("default.har") == Some(text) {
            continue;
        }
        fs::write(folder.join(file), text)?;
        written.push(Text {
            file: file.clone(),
            origin: texts::missing_origin(file, text, scenario),
            hides: texts::hides(file, text, scenario),
        });
    }
    let also = |(request, outcome): (_, &Outcome)| saved::Also { read: outcome.read, request };
    let also = scenario.more().into_iter().zip(&outcome.more).map(also).collect();
    let saved = saved::Scenario {
        name: String::new(),
        version: version.to_owned(),
        page: scenario.origin().to_owned(),
        read: outcome.read,
        policy_reads,
        against_standard: scenario.against_standard.clone(),
        error: outcome.error.clone(),
        status: outcome.status,
        console: tools.console.clone(),
        request,
        also,
        texts: written,
    };
    fs::write(folder.join("policy.toml"), scenario.policy.trim_start())?;
    fs::write(folder.join("scenario.toml"), toml::to_string(&saved).map_err(io::Error::other)?)
}
