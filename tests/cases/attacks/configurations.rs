//! Policies that must not build, beside similar ones that do.

use toml::Table;

use super::Attack;
use super::format::Configurations;
use crate::data::case::build;

/// The longest message about a configuration of these files.
const MAX_MESSAGE_LEN: usize = 4096;

impl Attack for Configurations {
    fn class(&self) -> &str {
        &self.class
    }

    fn seen(&self) -> &[String] {
        &self.seen
    }

    fn refused(&self) -> usize {
        self.refused.len()
    }

    fn allowed(&self) -> usize {
        self.built.len()
    }

    fn wrong(&self) -> Vec<String> {
        let built = self.built.iter().filter_map(|rules| Some(format!("{rules}: {}", build(rules).err()?)));
        built.chain(self.refused.iter().filter_map(built_or_badly_told)).collect()
    }
}

fn built_or_badly_told(rules: &Table) -> Option<String> {
    match build(rules) {
        Ok(_) => Some(format!("it builds: {rules}")),
        Err(message) => {
            let is_escaped = message.chars().all(|char| char == '\n' || !char.is_control());
            let is_told = is_escaped && message.len() <= MAX_MESSAGE_LEN;
            (!is_told).then(|| format!("not escaped and cut: {message:?}"))
        }
    }
}
