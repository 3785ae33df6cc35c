//! The cases of `tests/data/` in real browsers: Chromium, Firefox and `WebKit` without a window, through `WebDriver`,
//! against a real server.
//!
//! Each browser must have the same outcome as the model, and must send the same requests. A browser without an installed
//! driver is reported as ignored. With `TOWER_CORS_BROWSERS=chromium,firefox` it is a failure if one of these is missing,
//! with `TOWER_CORS_BROWSERS=required` if any is missing. To install all of them:
//!
//! ```sh
//! apt-get install chromium chromium-driver firefox-esr webkit2gtk-driver xvfb
//! cargo install geckodriver --locked
//! ```

#[path = "data/mod.rs"]
#[allow(dead_code, reason = "the tests in the model use another part of it")]
mod data;

mod browser {
    pub(crate) mod compare;
    pub(crate) mod console;
    pub(crate) mod driver;
    pub(crate) mod engine;
    pub(crate) mod rebinding;
    pub(crate) mod run;
    pub(crate) mod script;
    pub(crate) mod server;
}

use std::time::Instant;

use browser::compare::{Report, compare};
use browser::driver::Driver;
use browser::engine::Engine;
use browser::rebinding;
use browser::run::{console, open, run};
use browser::server::Server;
use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let required = std::env::var("TOWER_CORS_BROWSERS").unwrap_or_default();
    let known = |word: &str| word == "required" || Engine::ALL.iter().any(|engine| engine.name() == word);
    let unknown = required.split(',').find(|word| !word.is_empty() && !known(word));
    assert_eq!(unknown, None, "TOWER_CORS_BROWSERS names no browser");
    let trial = |engine: Engine, fact: &str, run: fn(Engine) -> Result<(), Failed>| {
        let name = format!("{fact}_in_{}", engine.name());
        let is_required = required.split(',').any(|word| word == "required" || word == engine.name());
        let is_missing = engine.programs().is_err();
        Trial::test(name, move || run(engine)).with_ignored_flag(is_missing && !is_required)
    };
    let cases = Engine::ALL.into_iter().map(|engine| trial(engine, "the_cases_are_so", run_in));
    // The other browsers have no option to map a name to an address.
    let rebinding = [Engine::Chromium, Engine::Firefox]
        .map(|engine| trial(engine, "a_rebinding_page_gets_nothing", run_rebinding));
    libtest_mimic::run(&Arguments::from_args(), cases.chain(rebinding).collect()).exit();
}

fn run_in(engine: Engine) -> Result<(), Failed> {
    let programs = engine.programs()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let report = runtime.block_on(async {
        let start = Instant::now();
        let server = Server::start().await?;
        // Dropped at the end in any case, which also ends the browser.
        let driver = Driver::start(engine, &programs).await?;
        let report = run_all(&driver, &server).await;
        driver.quit().await;
        eprintln!("{}: {:.1} s", engine.name(), start.elapsed().as_secs_f32());
        report
    })?;
    eprintln!("{}: {report}", engine.name());
    if report.failures.is_empty() { Ok(()) } else { Err(report.failures.join("\n").into()) }
}

fn run_rebinding(engine: Engine) -> Result<(), Failed> {
    let programs = engine.programs()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let driver = Driver::start(engine, &programs).await?;
        let played = rebinding::play(&driver).await;
        driver.quit().await;
        played
    })
}

async fn run_all(driver: &Driver, server: &Server) -> Result<Report, Failed> {
    let mut seen = Vec::new();
    for (page, cases) in server.cases_by_page() {
        open(driver, server, page).await?;
        seen.extend(run(driver, server, &cases).await?);
    }
    let console = console(driver).await?;
    compare(driver.engine, server, &seen, console.as_ref()).await
}
