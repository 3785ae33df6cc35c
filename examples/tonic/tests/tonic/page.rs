//! The page, bundled as its `package.json` says, in Chromium. It needs npm, to install the clients, and Chromium.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::chromium::{Files, report};
use crate::program::Program;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/page");

/// The files of the bundle, and its configuration.
const SOURCES: [&str; 4] = ["package.json", "clients.js", "page.js", "weather/v1/weather_pb.js"];

/// What the page shows after a click: the client, the call, the city, and the lines with the milliseconds until each.
struct Shown {
    case: String,
    lines: Vec<(String, u64)>,
}

/// With the page's own files, bundled, at a host that is allowed or not. `None` if a tool is missing.
fn shown_at(host: &str) -> Option<Vec<Shown>> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("page-at-{host}"));
    let bundle = bundle(&folder)?;
    let program = Program::start();
    let report = report(files(&bundle), host, &program.url(), &folder.join("profile"));
    let rows = report.as_array().expect("a list").iter();
    Some(rows.map(|row| Shown { case: case(row), lines: lines(row) }).collect())
}

fn case(row: &Value) -> String {
    let text = |name| row[name].as_str().expect("text");
    let stopped = if row["stopAfter"].is_null() { "" } else { ", stopped" };
    format!("{}: {} {}{stopped}", text("client"), text("call"), text("city"))
}

fn lines(row: &Value) -> Vec<(String, u64)> {
    let line = |line: &Value| Some((line[0].as_str()?.to_owned(), line[1].as_u64()?));
    row["lines"].as_array().expect("a list").iter().map(|value| line(value).expect("a line")).collect()
}

/// The page's script with the clients in it; or prints why there is no script.
fn bundle(folder: &Path) -> Option<PathBuf> {
    let required = std::env::var("TOWER_CORS_BROWSERS").is_ok_and(|browsers| browsers.contains("chromium"));
    let missing = ["npm", "chromium"].into_iter().find(|tool| !is_installed(tool));
    if let Some(missing) = missing {
        assert!(!required, "{missing} is missing");
        eprintln!("not tried in Chromium: {missing} is missing");
        return None;
    }
    for source in SOURCES {
        let copy = folder.join(source);
        std::fs::create_dir_all(copy.parent().expect("a folder")).expect("there is room");
        std::fs::copy(Path::new(PAGE).join(source), copy).expect("there is room");
    }
    let run = |command: &mut Command| command.current_dir(folder).output().expect("it starts");
    // The versions are those of `package.json`. No script of a package runs.
    let installed = run(Command::new("npm")
        .args(["install", "--omit=dev", "--ignore-scripts", "--no-package-lock"])
        .args(["--prefer-offline", "--no-audit", "--no-fund"]));
    if !installed.status.success() {
        let errors = String::from_utf8_lossy(&installed.stderr).into_owned();
        assert!(!required, "{errors}");
        eprintln!("not tried in Chromium: npm cannot install the clients:\n{errors}");
        return None;
    }
    let esbuild = run(Command::new("npm").args([
        "exec",
        "--",
        "esbuild",
        "page.js",
        "--bundle",
        "--format=esm",
        "--outfile=out/page.js",
    ]));
    assert!(esbuild.status.success(), "{}", String::from_utf8_lossy(&esbuild.stderr));
    Some(folder.join("out/page.js"))
}

fn is_installed(tool: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(tool).is_file())
}

/// The page itself, with a script that uses it.
fn files(bundle: &Path) -> Files {
    let page = std::fs::read_to_string(Path::new(PAGE).join("index.html")).expect("a page");
    let page = page + "<script type=\"module\" src=\"report.js\"></script>\n";
    let bundle = std::fs::read_to_string(bundle).expect("a bundle");
    vec![("/", page), ("/out/page.js", bundle), ("/report.js", include_str!("report.js").to_owned())]
}

#[test]
fn both_clients_call_from_an_allowed_page() {
    // The program allows `http://localhost:*`.
    let Some(shown) = shown_at("localhost") else { return };
    let reading = |number: u32| format!("Oslo: -4 °C, reading {number}");
    let error = "error 5: no weather in Atlantis".to_owned();
    let mut expected = Vec::new();
    for client in ["grpc-web", "connect"] {
        expected.push((format!("{client}: now Oslo"), vec![reading(1), "done".to_owned()]));
        // Without exposed headers, the clients would know neither the code nor the message.
        expected.push((format!("{client}: now Atlantis"), vec![error.clone()]));
        let readings: Vec<_> = (1..=5).map(reading).chain(["done".to_owned()]).collect();
        expected.push((format!("{client}: watch Oslo"), readings));
        expected.push((format!("{client}: watch Atlantis"), vec![error.clone()]));
        let stopped = vec![reading(1), reading(2), "error 1: stopped".to_owned()];
        expected.push((format!("{client}: watch Oslo, stopped"), stopped));
    }
    let seen: Vec<_> = shown
        .iter()
        .map(|shown| (shown.case.clone(), shown.lines.iter().map(|(line, _)| line.clone()).collect()))
        .collect();
    assert_eq!(seen, expected);

    // Each arrives when it was sent, 200 ms apart, without waiting for the last one.
    for shown in shown.iter().filter(|shown| shown.case.ends_with("watch Oslo")) {
        let (first, last) = (shown.lines[0].1, shown.lines[4].1);
        assert!(last >= first + 600, "{}: {:?}", shown.case, shown.lines);
    }
}

/// Its origin is not the one with `localhost`.
#[test]
fn neither_client_gets_a_word_at_another_page() {
    let Some(shown) = shown_at("127.0.0.1") else { return };
    for Shown { case, lines } in &shown {
        let refused = match case.split_once(": ") {
            Some(("connect", _)) => "error 2: Failed to fetch",
            _ => "error 2: Http response at 400 or 500 level, http status code: 0",
        };
        let lines: Vec<_> = lines.iter().map(|(line, _)| line).collect();
        assert_eq!(lines, [refused], "{case}");
    }
    assert_eq!(shown.len(), 10);
}
