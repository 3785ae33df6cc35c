//! The cases in a browser's pages.

use libtest_mimic::Failed;
use serde_json::json;

use super::console::{Console, ReadConsole, reasons};
use super::driver::Driver;
use super::engine::Engine;
use super::script::{AllSeen, script};
use super::server::Server;
use crate::data::case::Case;

/// Goes to a page of this origin. `null` is a sandboxed frame in a page.
pub(crate) async fn open(driver: &Driver, server: &Server, page: &str) -> Result<(), Failed> {
    if page == "null" {
        driver.client.goto(&format!("http://localhost:{}/frame", server.ports.page)).await?;
        driver.client.enter_frame(0).await?;
    } else {
        driver.client.goto(&format!("{page}/page")).await?;
    }
    let origin = driver.client.execute("return window.origin", Vec::new()).await?;
    if origin == page { Ok(()) } else { Err(format!("the page is at {origin}, not {page}").into()) }
}

/// Runs all these cases in the page, in one script.
pub(crate) async fn run(driver: &Driver, server: &Server, cases: &[&Case]) -> Result<AllSeen, Failed> {
    let scripts: Vec<_> = cases.iter().map(|case| script(case, server)).collect();
    let run = "const [cases, done] = arguments; runCases(cases).then(done, (error) => done(String(error)))";
    let seen = driver.client.execute_async(run, vec![json!(scripts)]).await?;
    serde_json::from_value(seen.clone()).map_err(|error| format!("{error}: {seen}").into())
}

/// The reasons in the browser's console, if the driver shows it.
pub(crate) async fn console(driver: &Driver) -> Result<Option<Console>, Failed> {
    Ok(match driver.engine {
        Engine::Chromium => Some(reasons(&driver.client.issue_cmd(ReadConsole).await?)),
        Engine::Firefox | Engine::WebKit => None,
    })
}
