//! Firefox: the network monitor and the console of a real toolbox.

use std::time::Duration;

use fantoccini::wd::WebDriverCompatibleCommand;
use http::Method;
use libtest_mimic::Failed;
use serde_json::{Value, json};
use url::{ParseError, Url};

use crate::browser::driver::Driver;
use crate::browser::engine::Engine;
use crate::scenario::Scenario;
use crate::{Tools, folder, policy_reads, start, version, visit};

const ENGINE: &str = "firefox";

pub(crate) async fn record(scenarios: &[Scenario]) -> Result<(), Failed> {
    let driver = start(Engine::Firefox, &["--allow-system-access"], &[]).await?;
    let recorded = record_in(&driver, scenarios).await;
    driver.quit().await;
    recorded
}

async fn record_in(driver: &Driver, scenarios: &[Scenario]) -> Result<(), Failed> {
    run(driver, "open", Value::Null).await?;
    for scenario in scenarios {
        run(driver, "forget", Value::Null).await?;
        let outcome = visit(driver, scenario, false).await?;
        tokio::time::sleep(Duration::from_millis(400)).await;
        let subject = json!({ "url": scenario.sent_url()?, "method": scenario.method });
        let seen = run(driver, "save", subject).await?;
        let seen: Tools = serde_json::from_value(seen.clone()).map_err(|error| format!("{error}: {seen}"))?;
        let policy_reads = policy_reads(driver, scenario, &outcome).await?;
        folder::write(ENGINE, &version(driver), scenario, &outcome, policy_reads, &seen)?;
        eprintln!("{ENGINE}/{}: {}", scenario.name, if outcome.read { "read" } else { "blocked" });
    }
    Ok(())
}

/// Calls a function of `firefox.js` in the browser itself.
async fn run(driver: &Driver, function: &str, argument: Value) -> Result<Value, Failed> {
    let script = format!(
        "{}\nconst [argument, done] = arguments; {function}(argument).then(done, (error) => done(`${{error}} ${{error.stack}}`));",
        include_str!("firefox.js")
    );
    driver.client.issue_cmd(Context("chrome")).await?;
    let result = driver.client.execute_async(&script, vec![argument]).await;
    driver.client.issue_cmd(Context("content")).await?;
    Ok(result?)
}

/// Where scripts run. This command exists only in geckodriver.
#[derive(Debug)]
struct Context(&'static str);

impl WebDriverCompatibleCommand for Context {
    fn endpoint(&self, base_url: &Url, session_id: Option<&str>) -> Result<Url, ParseError> {
        base_url.join(&format!("session/{}/moz/context", session_id.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(json!({ "context": self.0 }).to_string()))
    }
}
