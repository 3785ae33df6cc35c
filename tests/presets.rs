//! The presets with the real clients, from their registry, in real browsers. Each client works with its preset. Without any one of the
//! preset's names, it fails or loses the recorded facts.
//!
//! npm installs the clients and esbuild bundles them, below `target/`. `tests/presets/outcomes/` records what each client does. Renew it
//! with `UPDATE=1 cargo test --all-features --test presets` (`UPDATE=mcp`: only one preset), and read its diff: the documentation of a name
//! in a preset must be what is recorded there.
//!
//! Without npm, or without a browser's driver, a trial is ignored. With `TOWER_CORS_NPM=required` it fails if npm is missing, and with
//! `TOWER_CORS_BROWSERS=chromium,firefox` if one of these browsers is.

#[path = "browser"]
#[allow(dead_code, reason = "the cases in browsers use more of it")]
mod browser {
    pub(crate) mod driver;
    pub(crate) mod engine;
}

mod presets {
    pub(crate) mod bundle;
    pub(crate) mod clients;
    pub(crate) mod outcomes;
    pub(crate) mod server;
    pub(crate) mod stand_ins;
}

use std::time::Instant;

use browser::driver::Driver;
use browser::engine::Engine;
use libtest_mimic::{Arguments, Failed, Trial};
use presets::bundle;
use presets::clients::{CLIENTS, Client};
use presets::outcomes::{Facts, Outcomes, Seen};
use presets::server::{Server, variant};
use serde_json::json;
use tower_cors::preset::{self, Preset, PresetEntry};

/// The browsers that presets are recorded in.
const ENGINES: [Engine; 2] = [Engine::Chromium, Engine::Firefox];

fn main() {
    let arguments = Arguments::from_args();
    if let Ok(which) = std::env::var("UPDATE") {
        return update(&which);
    }
    let browsers = std::env::var("TOWER_CORS_BROWSERS").unwrap_or_default();
    let npm_is_required = std::env::var_os("TOWER_CORS_NPM").is_some_and(|value| value == "required");
    let mut trials = vec![
        Trial::test("the_notes_name_the_versions_that_are_tested", versions),
        Trial::test("some_client_fails_without_each_name", each_name_matters),
    ];
    trials.extend(ENGINES.map(|engine| {
        let name = format!("clients_work_with_their_preset_and_not_without_a_name_in_{}", engine.name());
        let engine_is_required = browsers.split(',').any(|word| word == "required" || word == engine.name());
        let is_ignored =
            !bundle::has_npm() && !npm_is_required || engine.programs().is_err() && !engine_is_required;
        Trial::test(name, move || as_recorded(engine)).with_ignored_flag(is_ignored)
    }));
    libtest_mimic::run(&arguments, trials).exit();
}

fn versions() -> Result<(), Failed> {
    for preset in preset::ALL.iter().copied() {
        let tested = CLIENTS.iter().filter(|client| client.preset == preset);
        let tested: Vec<_> = tested.map(Client::label).collect::<Result<_, _>>()?;
        let noted: Vec<_> = preset.clients().collect();
        if tested != noted {
            return Err(format!("{}: {noted:?} are noted, but {tested:?} are tested", preset.name()).into());
        }
    }
    Ok(())
}

fn each_name_matters() -> Result<(), Failed> {
    let mut idle = Vec::new();
    for preset in preset::ALL.iter().copied() {
        let clients = CLIENTS.iter().filter(|client| client.preset == preset);
        let outcomes: Vec<_> = clients.map(Outcomes::recorded).collect::<Result<_, _>>()?;
        let matters = |entry: &PresetEntry| outcomes.iter().any(|outcomes| outcomes.differ_without(entry));
        idle.extend(preset.entries().filter(|entry| !matters(entry)));
    }
    if idle.is_empty() { Ok(()) } else { Err(format!("no client misses {idle:#?}").into()) }
}

fn as_recorded(engine: Engine) -> Result<(), Failed> {
    let mut failures = Vec::new();
    for (client, seen) in run_in(engine, preset::ALL)? {
        failures.extend(Outcomes::recorded(client)?.differences(client, engine, &seen));
    }
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n").into()) }
}

/// `which` is the name of a preset, or anything else for all of them.
fn update(which: &str) {
    let presets = Preset::named(which).map_or_else(|| preset::ALL.to_vec(), |preset| vec![preset]);
    let seen =
        ENGINES.map(|engine| (engine, run_in(engine, &presets).unwrap_or_else(|error| panic!("{error:?}"))));
    for (index, (client, _)) in seen[0].1.iter().enumerate() {
        let seen = seen.each_ref().map(|(engine, seen)| (*engine, &seen[index].1));
        Outcomes::of(client, &seen).write(client);
    }
}

fn run_in(engine: Engine, presets: &[Preset]) -> Result<Vec<(&'static Client, Seen)>, Failed> {
    let programs = engine.programs()?;
    let bundles = bundle::bundles()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let start = Instant::now();
        let server = Server::start(bundles).await?;
        // Dropped at the end in any case, which also ends the browser.
        let driver = Driver::start(engine, &programs).await?;
        let mut all = Vec::new();
        for preset in presets {
            all.extend(run(&driver, &server, *preset).await?);
            eprintln!("{}, {}: {:.1} s", engine.name(), preset.name(), start.elapsed().as_secs_f32());
        }
        driver.quit().await;
        Ok(all)
    })
}

/// The clients of a preset, with all its variants at the same time.
async fn run(
    driver: &Driver,
    server: &Server,
    preset: Preset,
) -> Result<Vec<(&'static Client, Seen)>, Failed> {
    const RUN: &str = "const [runs, done] = arguments; runClients(runs).then(done, (error) => done(`${error}\n${error.stack}`))";
    driver.client.goto(&format!("{}/page", server.page)).await?;
    let clients: Vec<_> = CLIENTS.iter().filter(|client| client.preset == preset).collect();
    let variants: Vec<_> = std::iter::once(None).chain(preset.entries().map(Some)).collect();
    let bases = |client: &Client| -> Vec<String> {
        let base = |index| format!("{}/{}/{}", server.api, client.page, variant(index));
        (0..variants.len()).map(base).collect()
    };
    let runs: Vec<_> = clients.iter().map(|client| (client.page, bases(client))).collect();
    let seen = driver.client.execute_async(RUN, vec![json!(runs)]).await?;
    let seen: Vec<Vec<Facts>> =
        serde_json::from_value(seen.clone()).map_err(|error| format!("{error}: {seen}"))?;
    let by_variant = seen.into_iter().map(|facts| variants.iter().copied().zip(facts).collect());
    Ok(clients.into_iter().zip(by_variant).collect())
}
