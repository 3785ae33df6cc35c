//! The formats of policy files, and how one is recognised.

use std::fmt;
use std::path::Path;

use clap::ValueEnum;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Toml,
    Json,
    Yaml,
    /// Variables: `CORS_ALLOW_ORIGINS=https://app.example.com`.
    Env,
}

impl Format {
    /// By the file's name, otherwise by its text.
    pub(crate) fn recognise(name: &str, text: &str) -> Self {
        Self::of_name(name).unwrap_or_else(|| Self::of_text(text))
    }

    fn of_name(name: &str) -> Option<Self> {
        let path = Path::new(name);
        let file = path.file_name()?.to_str()?.to_ascii_lowercase();
        if file == ".env" || file.starts_with(".env.") {
            return Some(Self::Env);
        }
        match file.rsplit_once('.')?.1 {
            "toml" => Some(Self::Toml),
            "json" => Some(Self::Json),
            "yaml" | "yml" => Some(Self::Yaml),
            "env" => Some(Self::Env),
            _ => None,
        }
    }

    /// By the first line that is not empty, a comment, or only an opening bracket. Text in no known format is read as TOML.
    fn of_text(text: &str) -> Self {
        let line = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
        let line = line.unwrap_or_default();
        let after_bracket = text.trim_start().strip_prefix('[').map(str::trim_start);
        if line.starts_with('{') || after_bracket.is_some_and(|text| text.starts_with(['{', ']'])) {
            return Self::Json;
        }
        if line.starts_with('[') {
            return Self::Toml;
        }
        let (key, is_assigned) = match line.find(['=', ':']) {
            Some(end) => (&line[..end], line[end..].starts_with('=')),
            None => (line, false),
        };
        let is_variable = |key: &str| {
            key.starts_with("export ") || key.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
        };
        match is_assigned {
            true if is_variable(key) => Self::Env,
            false if !line.is_empty() => Self::Yaml,
            _ => Self::Toml,
        }
    }
}

impl Format {
    /// As in `--input`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Toml => "toml",
            Self::Json => "json",
            Self::Yaml => "yaml",
            Self::Env => "env",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Toml => "TOML",
            Self::Json => "JSON",
            Self::Yaml => "YAML",
            Self::Env => "`.env`",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_is_recognised_by_the_name_of_the_file() {
        let cases = [
            ("cors.toml", Some(Format::Toml)),
            ("config/CORS.TOML", Some(Format::Toml)),
            ("cors.json", Some(Format::Json)),
            ("a.b.yaml", Some(Format::Yaml)),
            ("cors.yml", Some(Format::Yaml)),
            (".env", Some(Format::Env)),
            ("app/.env.production", Some(Format::Env)),
            ("production.env", Some(Format::Env)),
            ("cors.conf", None),
            ("toml", None),
            ("-", None),
            ("", None),
            ("..", None),
        ];
        for (name, format) in cases {
            assert_eq!(Format::of_name(name), format, "{name}");
        }
    }

    #[test]
    fn a_format_is_recognised_by_its_text() {
        let cases = [
            ("# cors\n\nallow_origins = '*'\n", Format::Toml),
            ("[cors]\nmax_age = 3\n", Format::Toml),
            ("[[cors]]\n", Format::Toml),
            ("", Format::Toml),
            ("# nothing", Format::Toml),
            ("{ \"allow_origins\": \"*\" }", Format::Json),
            (" [ { \"allow_origins\": \"*\" } ]", Format::Json),
            ("[\n  {", Format::Json),
            ("[]", Format::Json),
            ("allow_origins: '*'", Format::Yaml),
            ("allow_origins: # a=b\n", Format::Yaml),
            ("---\nallow_origins: '*'", Format::Yaml),
            ("- allow_origins: '*'", Format::Yaml),
            ("CORS_ALLOW_ORIGINS=https://a.example", Format::Env),
            ("# production\nexport cors_max_age=3", Format::Env),
            ("max_age=3", Format::Toml),
        ];
        for (text, format) in cases {
            assert_eq!(Format::of_text(text), format, "{text}");
        }
    }
}
