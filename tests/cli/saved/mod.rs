//! Requests as people save them, and what the browser did with each. `README.md` has the format.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// What a browser or curl did in one situation, and all saved texts of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scenario {
    /// The folder: `chromium/put-listed`.
    #[serde(skip)]
    pub(crate) name: String,
    /// The version of the program that wrote the texts.
    pub(crate) version: String,
    /// The origin of the page that asked. `null` is a sandboxed frame.
    pub(crate) page: String,
    /// Whether the page could read the response.
    pub(crate) read: bool,
    /// The same, with only the policy in front of the service. Differs from `read` if something else answered.
    pub(crate) policy_reads: bool,
    /// Why the browser differs from the standard, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) against_standard: Option<String>,
    /// The error that the script got instead of a response.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<String>,
    /// The status that the script saw.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<u16>,
    /// The messages in the browser's console.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) console: Vec<String>,
    /// The request that the texts are of.
    pub(crate) request: Request,
    /// The page's further requests. HARs, "copy all" and the console have them too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) also: Vec<Also>,
    #[serde(default, rename = "text", skip_serializing_if = "Vec::is_empty")]
    pub(crate) texts: Vec<Text>,
}

/// The request of the page's script.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Request {
    /// `fetch`, `xhr`, `xhr-upload` (with a listener to the upload, for which browsers send a preflight), `eventsource`,
    /// `script`, `stylesheet`, `image` (elements with `crossorigin`), `module` (`import()`) or `font`.
    pub(crate) via: String,
    pub(crate) method: String,
    pub(crate) url: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) headers: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) body: Option<Body>,
    /// `same-origin`, the default, `omit` or `include`.
    pub(crate) credentials: String,
    /// `cors`, the default, or `no-cors`.
    pub(crate) mode: String,
    /// `no-store`, `no-cache`, `reload`, or another cache mode of `fetch`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) cache: Option<String>,
    /// Whether the browser had a cookie for the API.
    pub(crate) cookie: bool,
    /// What was in front of the policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) in_front: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Also {
    pub(crate) read: bool,
    pub(crate) request: Request,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Body {
    Text(String),
    /// A form as `application/x-www-form-urlencoded`.
    Params(Vec<(String, String)>),
    /// A form as `multipart/form-data`.
    Form(Vec<(String, String)>),
    Bytes(Vec<u8>),
}

/// A file in the scenario's folder.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Text {
    pub(crate) file: String,
    /// The value for `--origin`, if the text does not show the page's origin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) origin: Option<String>,
    /// Other facts that the text hides or shows differently: see `README.md`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) hides: Vec<String>,
}

impl Scenario {
    /// `chromium`, `firefox` or `curl`.
    pub(crate) fn engine(&self) -> &str {
        self.name.split('/').next().unwrap_or_default()
    }

    /// `policy.toml`, or one of the texts.
    pub(crate) fn path(&self, file: &str) -> PathBuf {
        folder().join(&self.name).join(file)
    }
}

/// All of them, by name.
pub(crate) fn scenarios() -> Vec<Scenario> {
    let mut scenarios: Vec<_> =
        ["chromium", "curl", "firefox"].into_iter().flat_map(|engine| of_engine(engine).unwrap()).collect();
    scenarios.sort_by(|one: &Scenario, other| one.name.cmp(&other.name));
    scenarios
}

/// Where the folder of each engine is.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/saved")
}

fn of_engine(engine: &str) -> io::Result<Vec<Scenario>> {
    let folders = fs::read_dir(folder().join(engine))?;
    let read = |entry: io::Result<fs::DirEntry>| {
        let entry = entry?;
        let text = fs::read_to_string(entry.path().join("scenario.toml"))?;
        let name = format!("{engine}/{}", entry.file_name().to_string_lossy());
        let scenario: Scenario =
            toml::from_str(&text).map_err(|error| io::Error::other(format!("{name}: {error}")))?;
        Ok(Scenario { name, ..scenario })
    };
    folders.map(read).collect()
}
