//! The format of the files, as serde reads it. README.md explains it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use toml::Table;

use super::outcome::{Outcome, PreflightWord};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    /// The origin of the page, unless a case says otherwise.
    #[serde(default = "default_page")]
    pub(super) page: String,
    /// The origin of the server, unless a case says otherwise.
    #[serde(default = "default_server")]
    pub(super) server: String,
    #[serde(default)]
    pub(super) policies: BTreeMap<String, NamedPolicy>,
    #[serde(default)]
    pub(super) case: Vec<CaseEntry>,
    #[serde(default)]
    raw: Vec<RawEntry>,
    #[serde(default)]
    pub(super) refused: Vec<RefusedPolicy>,
}

fn default_page() -> String {
    "http://app.localhost:{page}".to_owned()
}

fn default_server() -> String {
    "http://localhost:{api}".to_owned()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NamedPolicy {
    pub(super) rules: Table,
    #[serde(default)]
    pub(super) answer: Answer,
}

/// Headers that the layer's answers have besides the usual ones, or with other values; `[]` means that a
/// header is absent.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Answer {
    #[serde(default)]
    pub(super) preflight: Lines,
    #[serde(default)]
    pub(super) response: Lines,
}

pub(super) type Lines = BTreeMap<String, OneOrMany>;

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    pub(crate) fn lines(&self) -> Vec<String> {
        match self {
            Self::One(line) => vec![line.clone()],
            Self::Many(lines) => lines.clone(),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CaseEntry {
    pub(super) name: String,
    pub(super) policy: PolicyEntry,
    pub(super) page: Option<String>,
    pub(super) server: Option<String>,
    #[serde(default)]
    pub(super) request: Ask,
    #[serde(default)]
    pub(super) service: ServiceEntry,
    #[serde(default)]
    pub(super) outcome: OutcomeEntry,
    #[serde(default)]
    pub(super) then: Vec<StepEntry>,
    #[serde(default)]
    pub(super) answer: Answer,
    /// `false`: the service sees the request, although the policy does not allow its page.
    pub(super) granted: Option<bool>,
    #[serde(default)]
    pub(super) differs: BTreeMap<String, DiffersEntry>,
}

/// The name of a policy of the file, `"no-layer"` for a service without the layer, or the policy itself.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum PolicyEntry {
    Named(String),
    Rules(Table),
}

/// The request of the script.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Ask {
    pub(crate) method: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) credentials: String,
    pub(crate) redirect: String,
    pub(crate) body: Option<String>,
    /// It listens to the progress of an upload, which needs a preflight. It uses an `XMLHttpRequest`.
    pub(crate) upload_progress: bool,
    /// Appended to the path of the case: another URL for the cache.
    pub(crate) query: String,
}

impl Default for Ask {
    fn default() -> Self {
        Self {
            method: "GET".to_owned(),
            headers: BTreeMap::new(),
            credentials: "same-origin".to_owned(),
            redirect: "follow".to_owned(),
            body: None,
            upload_progress: false,
            query: String::new(),
        }
    }
}

/// The answer of the service behind the layer.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ServiceEntry {
    pub(super) status: Option<u16>,
    pub(super) headers: BTreeMap<String, OneOrMany>,
    pub(super) redirects: Vec<RedirectEntry>,
    /// The answer to a preflight, without the layer.
    pub(super) preflight: Option<PreflightEntry>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RedirectEntry {
    pub(super) status: u16,
    /// `Location`, with `{next}` for the path of the next hop.
    pub(super) to: OneOrMany,
    #[serde(default = "once")]
    pub(super) times: usize,
}

fn once() -> usize {
    1
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct PreflightEntry {
    pub(super) status: Option<u16>,
    pub(super) headers: BTreeMap<String, OneOrMany>,
}

/// `blocked` is a reason of the model in kebab case. Without it, the page gets the response.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct OutcomeEntry {
    blocked: Option<String>,
    preflight: PreflightWord,
    status: Option<u16>,
    r#type: Option<String>,
    /// The headers that the page can read, beyond `content-type` and what the transport adds.
    readable: Option<Vec<String>>,
    denial: Option<String>,
}

impl OutcomeEntry {
    /// By default, the response has the type "basic" if page and server have the same origin.
    pub(super) fn resolve(&self, is_same_origin: bool) -> Outcome {
        let blocked = self.blocked.clone();
        let own_type = if is_same_origin { "basic" } else { "cors" };
        let response_type = self.r#type.clone().unwrap_or_else(|| own_type.to_owned());
        let shows_headers = blocked.is_none() && response_type != "opaqueredirect";
        let content_type = shows_headers.then(|| "content-type".to_owned());
        let readable = self.readable.iter().flatten().cloned().chain(content_type).collect();
        Outcome {
            status: if blocked.is_some() { 0 } else { self.status.unwrap_or(200) },
            response_type: if blocked.is_some() { String::new() } else { response_type },
            blocked,
            preflight: self.preflight,
            readable,
            denial: self.denial.clone(),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StepEntry {
    /// Seconds that pass before.
    #[serde(default)]
    pub(super) wait: u64,
    /// By default the same request again.
    pub(super) request: Option<Ask>,
    #[serde(default)]
    pub(super) outcome: OutcomeEntry,
    #[serde(default)]
    pub(super) differs: BTreeMap<String, DiffersEntry>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DiffersEntry {
    pub(super) because: String,
    /// Without it, the outcome is the same, only the exchanges differ.
    pub(super) outcome: Option<OutcomeEntry>,
    /// The only headers that differ on the wire. Without it, anything may differ.
    #[serde(default)]
    pub(super) headers: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEntry {
    name: String,
    policy: PolicyEntry,
    request: Vec<String>,
    status: u16,
    denial: Option<String>,
    #[serde(default)]
    answer: Lines,
}

/// A request that no browser sends, and the whole answer.
#[derive(Debug)]
pub(crate) struct RawCase {
    /// The name of the file, then of the case.
    pub(crate) name: String,
    pub(crate) rules: Table,
    /// The request line without its version, then the header lines.
    pub(crate) request: Vec<String>,
    pub(crate) status: u16,
    pub(crate) denial: Option<String>,
    pub(crate) answer: BTreeMap<String, Vec<String>>,
}

impl File {
    pub(super) fn raw_cases(&self, topic: &str) -> Vec<RawCase> {
        let resolve = |raw: &RawEntry| {
            let rules = match &raw.policy {
                PolicyEntry::Rules(rules) => rules,
                PolicyEntry::Named(name) => match self.policies.get(name) {
                    Some(policy) => &policy.rules,
                    None => panic!("{}: no policy is called {name}", raw.name),
                },
            };
            RawCase {
                name: format!("{topic}::{}", raw.name),
                rules: rules.clone(),
                request: raw.request.clone(),
                status: raw.status,
                denial: raw.denial.clone(),
                answer: raw.answer.iter().map(|(name, lines)| (name.clone(), lines.lines())).collect(),
            }
        };
        self.raw.iter().map(resolve).collect()
    }
}

/// A policy that `build` refuses, and parts of the message.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RefusedPolicy {
    /// Its own name in the file. When the file is loaded, the file's name is put before it.
    pub(crate) name: String,
    /// It is a mistake only with the Public Suffix List, which a feature adds.
    #[serde(default)]
    pub(crate) needs_public_suffixes: bool,
    pub(crate) policy: Table,
    pub(crate) says: OneOrMany,
}
