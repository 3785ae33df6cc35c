//! The pages' scripts, each with its client in one file.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/presets");
const TARGET: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/presets");
const LOCK: &str = "package-lock.json";

pub(crate) fn has_npm() -> bool {
    Command::new("npm").arg("--version").output().is_ok_and(|output| output.status.success())
}

/// The folder with the bundles. They are made once per process, and the packages are installed once per lockfile.
pub(crate) fn bundles() -> Result<PathBuf, String> {
    static BUNDLES: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    BUNDLES.get_or_init(|| make(Path::new(SOURCES), Path::new(TARGET))).clone()
}

fn make(sources: &Path, target: &Path) -> Result<PathBuf, String> {
    let read = |path: &Path| fs::read(path).map_err(|error| format!("{}: {error}", path.display()));
    let pages = target.join("pages");
    let bundles = target.join("bundles");
    fs::create_dir_all(&pages).map_err(|error| format!("{}: {error}", pages.display()))?;
    let lock = read(&sources.join(LOCK))?;
    // Written last, so it means that the installation is complete.
    let installed = target.join("installed.json");
    if fs::read(&installed).ok().as_ref() != Some(&lock) {
        for file in ["package.json", LOCK, ".npmrc"] {
            write(&target.join(file), &read(&sources.join(file))?)?;
        }
        run("npm", &["ci", "--no-fund", "--no-audit", "--ignore-scripts", "--loglevel=error"], target)?;
        write(&installed, &lock)?;
    }
    let mut entries = Vec::new();
    for file in fs::read_dir(sources.join("pages")).map_err(|error| error.to_string())? {
        let path = file.map_err(|error| error.to_string())?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        write(&pages.join(&name), &read(&path)?)?;
        entries.push(format!("pages/{name}"));
    }
    let mut arguments: Vec<_> = entries.iter().map(String::as_str).collect();
    // Each bundle is complete. Imports that only Node.js needs stay as they are: a browser never runs them.
    arguments.extend([
        "--bundle",
        "--format=esm",
        "--platform=browser",
        "--external:node:*",
        "--log-level=error",
    ]);
    arguments.push("--outdir=bundles");
    run("node_modules/.bin/esbuild", &arguments, target)?;
    Ok(bundles)
}

fn write(path: &Path, text: &[u8]) -> Result<(), String> {
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

fn run(program: &str, arguments: &[&str], folder: &Path) -> Result<(), String> {
    // A path is relative to the folder that it runs in.
    let path = if program.contains('/') { folder.join(program) } else { PathBuf::from(program) };
    let output = Command::new(path).args(arguments).current_dir(folder).output();
    let output = output.map_err(|error| format!("{program}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{program} {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr)))
}
