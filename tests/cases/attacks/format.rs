//! The format of the files, as serde reads it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::Table;

use super::Attack;
use super::notation::bytes;

pub(super) const README: &str = include_str!("../../data/attacks/README.md");

#[derive(Debug)]
pub(super) struct Attacks {
    pub(super) policies: BTreeMap<String, Table>,
    origins: Vec<Origins>,
    preflights: Vec<Preflights>,
    configurations: Vec<Configurations>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OriginsFile {
    policies: BTreeMap<String, Table>,
    origins: Vec<Origins>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PreflightsFile {
    preflights: Vec<Preflights>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ConfigurationsFile {
    configurations: Vec<Configurations>,
}

/// The value of `Origin`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Origins {
    pub(super) class: String,
    #[serde(default)]
    pub(super) seen: Vec<String>,
    pub(super) policies: Vec<String>,
    pub(super) allowed: Vec<String>,
    pub(super) denial: Option<String>,
    #[serde(default)]
    pub(super) refused: Vec<Lines>,
    /// Bytes that no header value can have.
    #[serde(default)]
    pub(super) unsendable: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Lines {
    One(String),
    Several(Vec<String>),
}

impl Lines {
    pub(super) fn bytes(&self) -> Vec<Vec<u8>> {
        match self {
            Self::One(line) => vec![bytes(line)],
            Self::Several(lines) => lines.iter().map(|line| bytes(line)).collect(),
        }
    }
}

/// The preflight of an allowed page: the method, then the lines of requested headers.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Preflights {
    pub(super) class: String,
    #[serde(default)]
    pub(super) seen: Vec<String>,
    pub(super) allowed: Vec<Vec<String>>,
    pub(super) denial: String,
    pub(super) refused: Vec<Vec<String>>,
    #[serde(default)]
    pub(super) unsendable: Vec<String>,
}

/// Policies as they are written in a file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Configurations {
    pub(super) class: String,
    #[serde(default)]
    pub(super) seen: Vec<String>,
    pub(super) built: Vec<Table>,
    pub(super) refused: Vec<Table>,
}

impl Attacks {
    /// A mistake in a file is a panic that names the file.
    pub(super) fn load() -> Self {
        let OriginsFile { policies, origins } =
            parse("origins.toml", include_str!("../../data/attacks/origins.toml"));
        let PreflightsFile { preflights } =
            parse("preflights.toml", include_str!("../../data/attacks/preflights.toml"));
        let ConfigurationsFile { configurations } =
            parse("configurations.toml", include_str!("../../data/attacks/configurations.toml"));
        Self { policies, origins, preflights, configurations }
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &dyn Attack> {
        fn attack<T: Attack>(attack: &T) -> &dyn Attack {
            attack
        }
        let origins = self.origins.iter().map(attack);
        origins.chain(self.preflights.iter().map(attack)).chain(self.configurations.iter().map(attack))
    }

    pub(super) fn used_policies(&self) -> impl Iterator<Item = &String> {
        self.origins.iter().flat_map(|group| &group.policies)
    }
}

fn parse<T: DeserializeOwned>(name: &str, text: &str) -> T {
    toml::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"))
}
