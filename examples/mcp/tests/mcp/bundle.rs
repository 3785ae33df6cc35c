//! The clients from npm, each with its scenarios in one file.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{LazyLock, OnceLock};

const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/client");
const TARGET: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/example-mcp");
const SCRIPTS: [&str; 3] = ["scenarios.js", "client-2.js", "sdk-1.js"];
const LOCK: &str = "package-lock.json";

/// Whether the tests with the clients are ignored. To ask npm takes a moment.
pub(crate) fn is_missing() -> bool {
    static IS_MISSING: LazyLock<bool> = LazyLock::new(|| {
        let is_required = std::env::var_os("TOWER_CORS_NPM").is_some_and(|value| value == "required");
        let has_npm =
            || Command::new("npm").arg("--version").output().is_ok_and(|output| output.status.success());
        !is_required && !has_npm()
    });
    *IS_MISSING
}

/// The folder with the bundles. They are made once for a process; the packages are installed once for a lockfile.
pub(crate) fn bundles() -> Result<PathBuf, String> {
    static BUNDLES: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    BUNDLES.get_or_init(|| make(Path::new(SOURCES), Path::new(TARGET))).clone()
}

fn make(sources: &Path, target: &Path) -> Result<PathBuf, String> {
    fs::create_dir_all(target).map_err(|error| format!("{}: {error}", target.display()))?;
    let lock = read(&sources.join(LOCK))?;
    // Written last, so that it stands for a whole installation.
    let installed = target.join("installed.json");
    if read(&installed).ok() != Some(lock.clone()) {
        for file in ["package.json", LOCK, ".npmrc"] {
            write(&target.join(file), &read(&sources.join(file))?)?;
        }
        run(Path::new("npm"), &["ci", "--loglevel=error"], target)?;
        write(&installed, &lock)?;
    }
    for script in SCRIPTS {
        write(&target.join(script), &read(&sources.join(script))?)?;
    }
    let esbuild = target.join("node_modules/.bin/esbuild");
    let options = ["--bundle", "--format=esm", "--platform=browser", "--log-level=error", "--outdir=bundles"];
    run(&esbuild, &[&SCRIPTS[1..], &options].concat(), target)?;
    Ok(target.join("bundles"))
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn write(path: &Path, text: &[u8]) -> Result<(), String> {
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

fn run(program: &Path, arguments: &[&str], folder: &Path) -> Result<(), String> {
    let output = Command::new(program).args(arguments).current_dir(folder).output();
    let output = output.map_err(|error| format!("{}: {error}", program.display()))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{} {arguments:?}: {}", program.display(), String::from_utf8_lossy(&output.stderr)))
}
