//! Records `tests/cli/saved`: each scenario in Chromium and Firefox, saved by the browser's own developer tools.
//!
//! ```sh
//! cargo test --all-features --test record                    # everything
//! cargo test --all-features --test record -- firefox put     # scenarios of one engine whose names contain `put`
//! ```
//!
//! Chromium's texts come from its own developer tools, opened in a second tab and attached to the page's tab; Firefox's from
//! the network monitor of a real toolbox. The recorder calls the functions that the menu entries call. Besides the browsers
//! and their drivers it needs `curl`, and `node` and `openssl` for pages over TLS.

mod chromium;
mod curl;
mod firefox;
mod folder;
mod page;
mod scenario;
mod server;
mod texts;

#[path = "../saved/mod.rs"]
#[allow(dead_code, reason = "what is written here is read elsewhere")]
mod saved;

#[path = "../../browser"]
#[allow(dead_code, reason = "WebKit's developer tools cannot be asked")]
mod browser {
    pub(crate) mod driver;
    pub(crate) mod engine;
}

use std::time::Duration;

use browser::driver::Driver;
use browser::engine::Engine;
use libtest_mimic::Failed;
use scenario::{Scenario, scenarios};
use serde::Deserialize;
use server::Server;

const ENGINES: [&str; 3] = ["chromium", "firefox", "curl"];

/// What the page's script saw.
#[derive(Debug, Deserialize)]
struct Outcome {
    read: bool,
    status: Option<u16>,
    error: Option<String>,
    /// Whether the page could read the responses to its further requests.
    #[serde(default)]
    more: Vec<Outcome>,
}

/// The texts of a browser's developer tools for one request.
#[derive(Debug, Deserialize)]
struct Tools {
    /// File names and their texts.
    texts: Vec<(String, Option<String>)>,
    console: Vec<String>,
}

impl Tools {
    fn text(&self, name: &str) -> Option<&String> {
        self.texts.iter().find(|(file, _)| file == name).and_then(|(_, text)| text.as_ref())
    }
}

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let is_asked = |engine: &str| {
        words.is_empty()
            || words.iter().any(|word| word == engine)
            || !words.iter().any(|word| is_engine(word))
    };
    let names: Vec<&String> = words.iter().filter(|word| !is_engine(word)).collect();
    let mut scenarios = scenarios()?;
    let server = Server::start(&scenarios).await?;
    let all = names.is_empty();
    scenarios.retain(|scenario| all || names.iter().any(|name| scenario.name.contains(*name)));

    for engine in ENGINES {
        if !is_asked(engine) {
            continue;
        }
        if all {
            folder::clear(engine)?;
        }
        match engine {
            "chromium" => chromium::record(&scenarios).await?,
            "firefox" => firefox::record(&scenarios).await?,
            _ => curl::record(&scenarios).await?,
        }
    }
    drop(server);
    summary();
    Ok(())
}

/// How many texts there are now. All of them must be readable.
fn summary() {
    let scenarios = saved::scenarios();
    for engine in ENGINES {
        let of = |read: bool| {
            let seen = |scenario: &&saved::Scenario| scenario.engine() == engine && scenario.read == read;
            scenarios.iter().filter(seen).map(|scenario| scenario.texts.len()).sum::<usize>()
        };
        eprintln!("{engine}: {} texts of responses that were read, {} of blocked ones", of(true), of(false));
    }
}

fn is_engine(word: &str) -> bool {
    ENGINES.contains(&word)
}

/// Goes to the scenario's page and waits for what its script saw.
async fn visit(driver: &Driver, scenario: &Scenario, plain: bool) -> Result<Outcome, Failed> {
    let query = if plain { "?plain" } else { "" };
    driver.client.goto(&format!("{}/page/{}{query}", scenario.page, scenario.name)).await?;
    for _ in 0..100 {
        let outcome = driver.client.execute("return window.outcome ?? null", Vec::new()).await?;
        if !outcome.is_null() {
            return Ok(serde_json::from_value(outcome)?);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Err(format!("{} has no outcome in {}", scenario.name, driver.engine.name()).into())
}

/// Whether the page reads the response with nothing in front of the policy.
async fn policy_reads(driver: &Driver, scenario: &Scenario, outcome: &Outcome) -> Result<bool, Failed> {
    if scenario.in_front.is_none() {
        return Ok(outcome.read);
    }
    Ok(visit(driver, scenario, true).await?.read)
}

async fn start(engine: Engine, driver: &[&str], browser: &[&str]) -> Result<Driver, Failed> {
    Driver::start_with(engine, &engine.programs()?, driver, browser).await
}

/// The browser's own version.
fn version(driver: &Driver) -> String {
    let capabilities = driver.client.capabilities();
    let version = capabilities.and_then(|capabilities| capabilities["browserVersion"].as_str());
    version.unwrap_or_default().to_owned()
}
