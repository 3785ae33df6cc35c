//! A case with all defaults filled in.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Table;
use tower_cors::{CorsPolicy, CorsPolicyBuilder};

use super::format::{Answer, Ask, CaseEntry, DiffersEntry, File, PolicyEntry, ServiceEntry};
use super::outcome::Outcome;
use super::ports::Ports;

/// The browsers of `tests/browser.rs`.
const BROWSERS: [&str; 3] = ["chromium", "firefox", "webkit"];

/// One page, one server, and one or more requests from the page to the server.
#[derive(Debug)]
pub(crate) struct Case {
    /// The case's own path at the server, so a log distinguishes the cases.
    pub(crate) id: String,
    /// The name of the file, then of the case: `cache::a preflight is remembered`.
    pub(crate) name: String,
    pub(crate) page: String,
    pub(crate) server: String,
    /// The rules of the policy. It is built when the case runs, so a refused policy fails only that case. `None`: a service
    /// without the layer.
    pub(crate) rules: Option<Table>,
    pub(super) answer: Answer,
    pub(super) granted: Option<bool>,
    pub(super) rejects: bool,
    pub(crate) service: ServiceEntry,
    pub(crate) steps: Vec<Step>,
    /// Whether real browsers can open the page here. The page's origin decides.
    pub(crate) runs_in_browsers: bool,
}

#[derive(Debug)]
pub(crate) struct Step {
    /// Seconds that pass before.
    pub(crate) wait: u64,
    pub(crate) ask: Ask,
    pub(crate) expected: Outcome,
    /// By the name of the browser.
    pub(crate) differs: BTreeMap<String, Differs>,
}

/// How a browser differs from the model and the standard.
#[derive(Debug)]
pub(crate) struct Differs {
    pub(crate) because: String,
    /// `None`: the outcome is the same, only the exchanges differ.
    pub(crate) outcome: Option<Outcome>,
    /// The only headers that differ on the wire. Empty: anything may differ.
    pub(crate) headers: Vec<String>,
}

impl Step {
    /// The expected outcome of the request in a browser.
    pub(crate) fn expected_in(&self, browser: &str) -> &Outcome {
        let differing = self.differs.get(browser).and_then(|differs| differs.outcome.as_ref());
        differing.unwrap_or(&self.expected)
    }
}

impl Case {
    /// The URL of the first request. Those of redirects have the next numbers.
    pub(crate) fn url(&self, ask: &Ask) -> String {
        format!("{}/{}/0{}", self.server, self.id, ask.query)
    }

    /// A page's cookies go to all ports of its host.
    pub(crate) fn has_cookie(&self) -> bool {
        let host = |origin: &str| origin.rsplit_once(':').map(|(host, _)| host.to_owned());
        self.page != "null" && host(&self.page) == host(&self.server)
    }
}

pub(super) fn resolve(topic: &str, file: &File, ports: Ports) -> Vec<Case> {
    let resolve = |(index, entry): (usize, &CaseEntry)| {
        let (rules, named_answer) = rules(entry, file);
        let page = entry.page.clone().unwrap_or_else(|| ports.fill(&file.page));
        let server = entry.server.clone().unwrap_or_else(|| ports.fill(&file.server));
        let mut answer = named_answer.cloned().unwrap_or_default();
        answer.preflight.extend(entry.answer.preflight.clone());
        answer.response.extend(entry.answer.response.clone());
        let rejects = rules.is_some_and(|rules| rules.contains_key("reject_disallowed_origins"));
        Case {
            id: format!("{topic}-{index}"),
            name: format!("{topic}::{}", entry.name),
            steps: steps(entry, page == server),
            runs_in_browsers: ports.can_be_at(&page),
            page,
            server,
            rules: rules.cloned(),
            answer,
            granted: entry.granted,
            rejects,
            service: entry.service.clone(),
        }
    };
    file.case.iter().enumerate().map(resolve).collect()
}

/// Reads a policy as users do, from its serde format.
pub(crate) fn build(rules: &Table) -> Result<CorsPolicy, String> {
    let builder = CorsPolicyBuilder::deserialize(rules.clone()).map_err(|error| error.to_string())?;
    builder.build().map_err(|error| error.to_string())
}

fn rules<'a>(entry: &'a CaseEntry, file: &'a File) -> (Option<&'a Table>, Option<&'a Answer>) {
    match &entry.policy {
        PolicyEntry::Rules(rules) => (Some(rules), None),
        PolicyEntry::Named(name) if name == "no-layer" => (None, None),
        PolicyEntry::Named(name) => match file.policies.get(name) {
            Some(policy) => (Some(&policy.rules), Some(&policy.answer)),
            None => panic!("{}: no policy is called {name}", entry.name),
        },
    }
}

fn steps(entry: &CaseEntry, is_same_origin: bool) -> Vec<Step> {
    let differs = |entries: &BTreeMap<String, DiffersEntry>, expected: &Outcome| {
        let resolve = |(browser, differs): (&String, &DiffersEntry)| {
            assert!(BROWSERS.contains(&browser.as_str()), "{}: no browser is called {browser}", entry.name);
            let outcome = differs.outcome.as_ref().map(|outcome| outcome.resolve(is_same_origin));
            assert!(outcome.as_ref() != Some(expected), "{}: this is no difference in {browser}", entry.name);
            let (because, headers) = (differs.because.clone(), differs.headers.clone());
            (browser.clone(), Differs { because, outcome, headers })
        };
        entries.iter().map(resolve).collect()
    };
    let expected = entry.outcome.resolve(is_same_origin);
    let differences = differs(&entry.differs, &expected);
    let first = Step { wait: 0, ask: entry.request.clone(), expected, differs: differences };
    let rest = entry.then.iter().map(|step| {
        let ask = step.request.clone().unwrap_or_else(|| entry.request.clone());
        let expected = step.outcome.resolve(is_same_origin);
        let differs = differs(&step.differs, &expected);
        Step { wait: step.wait, ask, expected, differs }
    });
    [first].into_iter().chain(rest).collect()
}
