//! The presets of a policy: code gives the preset itself, a file gives its name.

use crate::preset::Preset;

/// A preset, or an unknown name. Only code that reads a file looks names up, so a program that reads none contains only the presets
/// that it uses.
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
