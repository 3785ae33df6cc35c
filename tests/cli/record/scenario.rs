//! The scenarios, as `scenarios/*.toml` has them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use libtest_mimic::Failed;
use serde::Deserialize;
use tower_cors::{CorsLayer, CorsPolicy};
use url::Url;

use crate::saved::{Body, Request};

/// The origins of all servers. They are fixed, so a new recording differs little.
pub(crate) const PAGE: &str = "http://localhost:4310";
pub(crate) const API: &str = "http://localhost:4312";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    policies: BTreeMap<String, String>,
    scenario: Vec<Scenario>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scenario {
    pub(crate) name: String,
    /// First the name of one of the file's policies, then its text once it is read.
    pub(crate) policy: String,
    /// Where the page is from.
    #[serde(default = "page")]
    pub(crate) page: String,
    #[serde(default = "api")]
    pub(crate) api: String,
    #[serde(default)]
    pub(crate) frame: Frame,
    #[serde(default = "fetch")]
    pub(crate) via: String,
    #[serde(default = "get")]
    pub(crate) method: String,
    /// Appended to the path.
    #[serde(default)]
    query: String,
    #[serde(default)]
    headers: Vec<(String, String)>,
    body: Option<Body>,
    #[serde(default = "same_origin")]
    credentials: String,
    #[serde(default = "cors")]
    mode: String,
    cache: Option<String>,
    /// The page sets one for the API before it asks.
    #[serde(default)]
    pub(crate) cookie: bool,
    pub(crate) in_front: Option<InFront>,
    #[serde(default)]
    pub(crate) service: Service,
    /// The page's further requests, one after the other.
    #[serde(default)]
    more: Vec<More>,
    /// Whether the page has an icon, a script and an image of its own.
    #[serde(default)]
    pub(crate) noise: bool,
    /// HARs are large: saved only if they show something special.
    #[serde(default)]
    pub(crate) har: bool,
    /// Why browsers do not do what the standard says.
    pub(crate) against_standard: Option<String>,
    /// How `curl` makes the same request, if it does.
    #[serde(default)]
    pub(crate) curl: Vec<Curl>,
}

/// Another request of the same page.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct More {
    #[serde(default = "api")]
    api: String,
    #[serde(default = "get")]
    method: String,
    #[serde(default)]
    query: String,
    #[serde(default)]
    headers: Vec<(String, String)>,
    body: Option<Body>,
    #[serde(default = "same_origin")]
    credentials: String,
}

/// Special properties of the page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Frame {
    #[default]
    None,
    /// A frame whose origin is opaque.
    Sandboxed,
    /// The referrer policy `no-referrer`.
    NoReferrer,
}

/// Answers instead of the policy, or changes its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum InFront {
    /// 401 for each request without `Authorization`, preflights too, without CORS headers.
    Authentication,
    /// A router without `OPTIONS`.
    #[serde(rename = "options-404")]
    Options404,
    #[serde(rename = "options-405")]
    Options405,
    /// A redirect from `http` to another URL, also for preflights.
    RedirectOptions,
    /// A proxy that adds `Access-Control-Allow-Origin: *` to every response.
    Doubled,
    /// A proxy that sends every response without its CORS headers.
    Stripped,
    /// A proxy that lost the service.
    #[serde(rename = "bad-gateway")]
    BadGateway,
    /// A proxy that answers every preflight itself: any origin, `GET` and `POST`.
    OwnPreflight,
}

impl InFront {
    /// As `scenario.toml` says it.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Authentication => {
                "authentication: 401 without CORS headers for each request without Authorization"
            }
            Self::Options404 => "a router: 404 without CORS headers for each OPTIONS",
            Self::Options405 => "a router: 405 without CORS headers for each OPTIONS",
            Self::RedirectOptions => "a proxy: 307 for each OPTIONS",
            Self::Doubled => "a proxy: adds Access-Control-Allow-Origin: * to each response",
            Self::Stripped => "a proxy: takes the CORS headers off each response but those of preflights",
            Self::BadGateway => "a proxy: 502 without CORS headers for each request but preflights",
            Self::OwnPreflight => {
                "a proxy: answers preflights itself, for any origin, with GET and POST alone"
            }
        }
    }
}

/// The service behind the layer.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Service {
    pub(crate) status: Option<u16>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<String>,
    /// Where it redirects to, from its first path.
    pub(crate) redirect: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Curl {
    /// `curl -v`, into a file and on a terminal.
    Verbose,
    /// `curl -i`
    Include,
    /// `curl -v --http2-prior-knowledge`
    Http2,
    /// `curl -v` with the preflight that a browser would send.
    Preflight,
}

fn page() -> String {
    PAGE.to_owned()
}

fn api() -> String {
    API.to_owned()
}

fn fetch() -> String {
    "fetch".to_owned()
}

fn get() -> String {
    "GET".to_owned()
}

fn same_origin() -> String {
    "same-origin".to_owned()
}

fn cors() -> String {
    "cors".to_owned()
}

impl Scenario {
    /// The page's request. With `plain`, to the same service with nothing in front of the policy.
    pub(crate) fn request(&self, plain: bool) -> Request {
        let prefix = if plain { "/plain" } else { "" };
        Request {
            via: self.via.clone(),
            method: self.method.clone(),
            url: format!("{}{prefix}/{}{}", self.api, self.name, self.query),
            headers: self.headers.clone(),
            body: self.body.clone(),
            credentials: self.credentials.clone(),
            mode: self.mode.clone(),
            cache: self.cache.clone(),
            cookie: self.cookie,
            in_front: self.in_front.map(|in_front| in_front.words().to_owned()),
        }
    }

    /// Its further requests.
    pub(crate) fn more(&self) -> Vec<Request> {
        let request = |more: &More| Request {
            via: "fetch".to_owned(),
            method: more.method.clone(),
            url: format!("{}/{}{}", more.api, self.name, more.query),
            headers: more.headers.clone(),
            body: more.body.clone(),
            credentials: more.credentials.clone(),
            mode: "cors".to_owned(),
            cache: None,
            cookie: self.cookie,
            in_front: None,
        };
        self.more.iter().map(request).collect()
    }

    pub(crate) fn has_header(&self, name: &str) -> bool {
        self.headers.iter().any(|(other, _)| other.eq_ignore_ascii_case(name))
    }

    /// The URL as it goes over the wire.
    pub(crate) fn sent_url(&self) -> Result<String, url::ParseError> {
        let mut url = Url::parse(&self.request(false).url)?;
        url.set_fragment(None);
        Ok(url.into())
    }

    /// The `Origin` of the page's requests.
    pub(crate) fn origin(&self) -> &str {
        if self.frame == Frame::Sandboxed { "null" } else { &self.page }
    }

    /// The layer of one policy, or of a list in which the first policy that allows the origin decides.
    pub(crate) fn layer(&self) -> Result<CorsLayer, Failed> {
        let mut file: toml::Table = toml::from_str(&self.policy)?;
        let policies = match file.remove("cors") {
            None => vec![CorsPolicy::deserialize(file)?],
            Some(policies) => Vec::deserialize(policies)?,
        };
        Ok(match <[CorsPolicy; 1]>::try_from(policies) {
            Ok([policy]) => CorsLayer::from(policy),
            Err(policies) => CorsLayer::first_match(policies),
        })
    }
}

/// Those of every file.
pub(crate) fn scenarios() -> Result<Vec<Scenario>, Failed> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/record/scenarios");
    let mut scenarios = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let file: File = toml::from_str(&fs::read_to_string(&path)?)
            .map_err(|error| format!("{}: {error}", path.display()))?;
        for mut scenario in file.scenario {
            let Some(policy) = file.policies.get(&scenario.policy) else {
                return Err(format!("no policy {} in {}", scenario.policy, path.display()).into());
            };
            scenario.policy.clone_from(policy);
            if let Some(other) = scenarios.insert(scenario.name.clone(), scenario) {
                return Err(format!("two scenarios have the name {}", other.name).into());
            }
        }
    }
    Ok(scenarios.into_values().collect())
}
