//! Chromium: its own developer tools, in a second tab.

use std::time::Duration;

use fantoccini::wd::WindowHandle;
use libtest_mimic::Failed;
use serde_json::{Value, json};

use crate::browser::driver::Driver;
use crate::browser::engine::Engine;
use crate::scenario::Scenario;
use crate::{Tools, folder, policy_reads, start, version, visit};

const ENGINE: &str = "chromium";

pub(crate) async fn record(scenarios: &[Scenario]) -> Result<(), Failed> {
    // The front end connects to the browser from its own origin.
    let driver = start(Engine::Chromium, &[], &["--remote-allow-origins=*"]).await?;
    let recorded = record_in(&driver, scenarios).await;
    driver.quit().await;
    recorded
}

async fn record_in(driver: &Driver, scenarios: &[Scenario]) -> Result<(), Failed> {
    let page = driver.client.window().await?;
    let tools = open_tools(driver, &page).await?;
    for scenario in scenarios {
        driver.client.switch_to_window(page.clone()).await?;
        let outcome = visit(driver, scenario, false).await?;
        // The front end is notified a moment later.
        tokio::time::sleep(Duration::from_millis(400)).await;
        driver.client.switch_to_window(tools.clone()).await?;
        let seen = saved(driver, scenario).await?;
        driver.client.switch_to_window(page.clone()).await?;
        let policy_reads = policy_reads(driver, scenario, &outcome).await?;
        folder::write(ENGINE, &version(driver), scenario, &outcome, policy_reads, &seen)?;
        eprintln!("{ENGINE}/{}: {}", scenario.name, if outcome.read { "read" } else { "blocked" });
    }
    Ok(())
}

/// The front end, attached to the page's tab.
async fn open_tools(driver: &Driver, page: &WindowHandle) -> Result<WindowHandle, Failed> {
    let capabilities = driver.client.capabilities().ok_or("no capabilities")?;
    let address = capabilities["goog:chromeOptions"]["debuggerAddress"].as_str().ok_or("no debugger")?;
    // The front end may only connect to this name.
    let address = address.replace("localhost", "127.0.0.1");
    let tools = driver.client.new_window(true).await?.handle;
    driver.client.switch_to_window(tools.clone()).await?;
    let target = String::from(page.clone());
    let url = format!("http://{address}/devtools/inspector.html?ws={address}/devtools/page/{target}");
    driver.client.goto(&url).await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    run(driver, "open", Value::Null).await?;
    Ok(tools)
}

async fn saved(driver: &Driver, scenario: &Scenario) -> Result<Tools, Failed> {
    let subject = json!({ "url": scenario.sent_url()?, "method": scenario.method });
    let seen = run(driver, "save", subject).await?;
    serde_json::from_value(seen.clone()).map_err(|error| format!("{error}: {seen}").into())
}

/// Calls a function of `chromium.js` in the front end.
async fn run(driver: &Driver, function: &str, argument: Value) -> Result<Value, Failed> {
    let script = format!(
        "{}\nconst [argument, done] = arguments; {function}(argument).then(done, (error) => done(String(error.stack)));",
        include_str!("chromium.js")
    );
    Ok(driver.client.execute_async(&script, vec![argument]).await?)
}
