//! The presets of a policy: code has them, and a file has their names.

use crate::preset::Preset;

/// A preset, or a name that none has. Nothing here looks a name up but for who reads a file: a program that reads none has in it no
/// other presets than it uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NamedPreset {
    Known(Preset),
    #[cfg(feature = "serde")]
    Unknown(String),
}

#[cfg(feature = "serde")]
impl NamedPreset {
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Known(preset) => preset.name(),
            Self::Unknown(name) => name,
        }
    }
}

#[cfg(feature = "serde")]
impl From<String> for NamedPreset {
    fn from(name: String) -> Self {
        Preset::named(&name).map_or(Self::Unknown(name), Self::Known)
    }
}
