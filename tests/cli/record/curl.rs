//! `curl`, as a developer calls it to see the answer to a page's request.

use std::fs;
use std::process::{Command, Stdio};

use libtest_mimic::Failed;

use crate::saved::{self, Body};
use crate::scenario::{Curl, Scenario};
use crate::{Outcome, Tools, folder};

const ENGINE: &str = "curl";

pub(crate) async fn record(scenarios: &[Scenario]) -> Result<(), Failed> {
    let version = version()?;
    for scenario in scenarios.iter().filter(|scenario| !scenario.curl.is_empty()) {
        let scenario = scenario.clone();
        let version = version.clone();
        // The servers run at the same time.
        tokio::task::spawn_blocking(move || record_one(&scenario, &version)).await??;
    }
    Ok(())
}

fn record_one(scenario: &Scenario, version: &str) -> Result<(), Failed> {
    let mut texts = Vec::new();
    let mut add = |file: &str, text: String| texts.push((file.to_owned(), Some(text)));
    let request = arguments(scenario);
    for way in &scenario.curl {
        match way {
            Curl::Verbose => {
                add("verbose.txt", into_a_file(&with(&["-v"], &request))?);
                add("terminal.txt", on_a_terminal(&with(&["-v"], &request))?);
            }
            Curl::Include => add("include.txt", into_a_file(&with(&["-s", "-i"], &request))?),
            Curl::Http2 => {
                add("http2.txt", into_a_file(&with(&["-s", "-v", "--http2-prior-knowledge"], &request))?);
            }
            Curl::Preflight => {
                add("preflight.txt", on_a_terminal(&with(&["-v"], &preflight(scenario)))?);
            }
        }
    }
    let known = browser(scenario)?;
    let outcome = Outcome { read: known.read, status: known.status, error: known.error, more: Vec::new() };
    let tools = Tools { texts, console: Vec::new() };
    folder::write(ENGINE, version, scenario, &outcome, known.policy_reads, &tools)?;
    eprintln!("{ENGINE}/{}: {}", scenario.name, if known.read { "read" } else { "blocked" });
    Ok(())
}

fn with(flags: &[&str], request: &[String]) -> Vec<String> {
    flags.iter().map(|&flag| flag.to_owned()).chain(request.iter().cloned()).collect()
}

/// What Chromium did with the same request.
fn browser(scenario: &Scenario) -> Result<saved::Scenario, Failed> {
    let file = saved::folder().join("chromium").join(&scenario.name).join("scenario.toml");
    let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(toml::from_str(&text)?)
}

/// The page's request.
fn arguments(scenario: &Scenario) -> Vec<String> {
    let request = scenario.request(false);
    let mut arguments = vec![request.url, "-H".to_owned(), format!("Origin: {}", scenario.origin())];
    match request.method.as_str() {
        "GET" => {}
        "HEAD" => arguments.push("-I".to_owned()),
        method => arguments.extend(["-X".to_owned(), method.to_owned()]),
    }
    for (name, value) in request.headers {
        arguments.extend(["-H".to_owned(), format!("{name}: {value}")]);
    }
    if request.cookie && request.credentials == "include" {
        arguments.extend(["-b".to_owned(), "session=1".to_owned()]);
    }
    if let Some(Body::Text(text)) = request.body {
        if !scenario.has_header("content-type") {
            arguments.extend(["-H".to_owned(), "Content-Type: text/plain;charset=UTF-8".to_owned()]);
        }
        arguments.extend(["--data-raw".to_owned(), text]);
    }
    arguments
}

/// The preflight that a browser sends before it.
fn preflight(scenario: &Scenario) -> Vec<String> {
    let request = scenario.request(false);
    let mut arguments = vec!["-X".to_owned(), "OPTIONS".to_owned(), request.url];
    let mut header = |line: String| arguments.extend(["-H".to_owned(), line]);
    header(format!("Origin: {}", scenario.origin()));
    header(format!("Access-Control-Request-Method: {}", request.method));
    let mut names: Vec<String> = request.headers.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
    names.sort();
    if !names.is_empty() {
        header(format!("Access-Control-Request-Headers: {}", names.join(",")));
    }
    arguments
}

/// `curl ... > file 2>&1`, with both outputs in the order in which they were written.
fn into_a_file(arguments: &[String]) -> Result<String, Failed> {
    let output = Command::new("sh")
        .args(["-c", "exec curl -N \"$@\" 2>&1", "curl"])
        .args(arguments)
        .stdin(Stdio::null())
        .output()?;
    Ok(String::from_utf8(output.stdout)?)
}

/// The text on a terminal, and in a copy of it: its lines end with only a line feed.
fn on_a_terminal(arguments: &[String]) -> Result<String, Failed> {
    let quoted: Vec<String> =
        arguments.iter().map(|argument| format!("'{}'", argument.replace('\'', "'\\''"))).collect();
    let output = Command::new("script")
        .args(["--quiet", "--return", "--command", &format!("curl {}", quoted.join(" ")), "/dev/null"])
        .stdin(Stdio::null())
        .output()?;
    Ok(String::from_utf8(output.stdout)?.replace('\r', ""))
}

/// The second word of `curl --version`.
fn version() -> Result<String, Failed> {
    let output = Command::new("curl").arg("--version").output()?;
    let text = String::from_utf8(output.stdout)?;
    Ok(text.split_whitespace().nth(1).unwrap_or_default().to_owned())
}
