//! The page of the gateway's own origin, in Chromium. Without one there is nothing to test, unless `TOWER_CORS_BROWSERS` is set.

use std::process::Stdio;

use tokio::process::Command;
use tokio::time::timeout;

use super::program::{Program, SLACK};

fn is_to_be_tested() -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let is_installed = std::env::split_paths(&path).any(|directory| directory.join("chromium").is_file());
    is_installed || std::env::var_os("TOWER_CORS_BROWSERS").is_some()
}

/// In a route without a policy, so that no CORS can have helped.
#[tokio::test]
async fn it_calls_the_api_without_cors() {
    if !is_to_be_tested() {
        return eprintln!("not tested: there is no Chromium");
    }
    let upstream = Program::start().await;
    let site = concat!(env!("CARGO_MANIFEST_DIR"), "/site");
    let config = format!(
        "[[routes]]\npath = '/api'\nupstream = '{}'\n[[routes]]\npath = '/'\nfiles = '{site}'",
        upstream.upstream
    );
    let program = Program::start_with(&config).await;
    let profile = format!("{}/gateway-profile-{}", env!("CARGO_TARGET_TMPDIR"), std::process::id());
    let output = Command::new("chromium")
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage"])
        .args(["--disable-background-networking", "--virtual-time-budget=5000", "--dump-dom"])
        .args([&format!("--user-data-dir={profile}"), &program.gateway])
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let output = timeout(3 * SLACK, output).await.expect("it ends").expect("Chromium starts");
    let _ = std::fs::remove_dir_all(&profile);
    let page = String::from_utf8_lossy(&output.stdout);
    assert!(page.contains("<output id=\"items\">200 [\"tea\",\"coffee\"]</output>"), "{page}");
}
