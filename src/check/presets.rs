//! The names that presets add to a policy's lists, and the check of the presets' own names.

#[cfg(feature = "serde")]
use super::issue::{Issue, Problem};
#[cfg(feature = "serde")]
use crate::preset;
use crate::preset::Preset;
use crate::spec::NamedPreset;
#[cfg(feature = "serde")]
use crate::typo;

/// The presets of a policy, each once.
pub(super) struct Presets(Vec<Preset>);

impl Presets {
    pub(super) fn new(named: &[NamedPreset]) -> Self {
        let mut presets = Vec::new();
        for named in named {
            match named {
                NamedPreset::Known(preset) if presets.contains(preset) => {}
                NamedPreset::Known(preset) => presets.push(*preset),
                #[cfg(feature = "serde")]
                NamedPreset::Unknown(_) => {}
            }
        }
        Self(presets)
    }

    /// The list of this name as it was written, followed by the names that the presets add.
    pub(super) fn beside<'e>(&self, written: &'e [String], field: &'static str) -> Vec<&'e str> {
        let added = self.0.iter().flat_map(|preset| preset.names(field)).map(|name| -> &'e str { name });
        written.iter().map(String::as_str).chain(added).collect()
    }
}

/// An issue for each unknown preset, which only a file can name.
#[cfg(feature = "serde")]
pub(super) fn unknown(named: &[NamedPreset]) -> impl Iterator<Item = Issue> {
    named.iter().filter_map(|named| match named {
        NamedPreset::Known(_) => None,
        NamedPreset::Unknown(name) => {
            let suggestion = meant(name).map(|preset| preset.name().to_owned());
            Some(Issue::about("presets", name, Problem::UnknownPreset, suggestion))
        }
    })
}

/// The preset that was probably meant: its name in another spelling (`GRPC_WEB`), without its suffix (`openai`), or with a typo.
/// There are few presets, so one typo is enough even in a short name (`mpc`).
#[cfg(feature = "serde")]
fn meant(name: &str) -> Option<Preset> {
    let squeezed = |name: &str| -> String {
        name.chars().filter(char::is_ascii_alphanumeric).map(|char| char.to_ascii_lowercase()).collect()
    };
    let name = squeezed(name);
    let with_suffix = |known: &str| known.strip_suffix("js") == Some(name.as_str());
    let is_meant = |known: &str| known == name || with_suffix(known) || typo::is_slip(known, &name);
    preset::ALL.iter().copied().find(|preset| is_meant(&squeezed(preset.name())))
}

#[cfg(all(test, feature = "serde"))]
mod tests {
    use super::*;

    #[test]
    fn a_preset_is_meant_in_any_spelling() {
        let cases = [
            ("OPENAI_JS", Some("openai-js")),
            ("openai", Some("openai-js")),
            ("OpenAI", Some("openai-js")),
            ("openai-jss", Some("openai-js")),
            ("open-ai", Some("openai-js")),
            ("MCP", Some("mcp")),
            ("mpc", Some("mcp")),
            ("grpc_web", Some("grpc-web")),
            ("GrpcWeb", Some("grpc-web")),
            ("grpcwbe", Some("grpc-web")),
            ("anthropic", Some("anthropic-js")),
            ("graphq", Some("graphql")),
            ("grpc", None),
            ("mc", Some("mcp")),
            ("", None),
            ("js", None),
            ("*", None),
            ("azure-openai", None),
        ];
        for (name, expected) in cases {
            assert_eq!(meant(name).map(Preset::name), expected, "{name}");
        }
    }
}
