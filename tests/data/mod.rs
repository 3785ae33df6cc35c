//! Cases as data: a policy, a page, a request, and its outcome.
//!
//! Each `*.toml` file here is a topic. `tests/cases.rs` runs the cases in the model of a browser, `tests/browser.rs` in
//! real browsers, against the same service. README.md says how a case is written.

pub(crate) mod case;
pub(crate) mod exchange;
pub(crate) mod format;
pub(crate) mod model;
pub(crate) mod outcome;
pub(crate) mod ports;
pub(crate) mod service;
mod wire;

use std::fs;
use std::path::Path;

use case::Case;
use format::{RawCase, RefusedPolicy};
use ports::Ports;

/// The content of all files.
#[derive(Debug, Default)]
pub(crate) struct Data {
    pub(crate) cases: Vec<Case>,
    /// Requests that no browser sends.
    pub(crate) raw: Vec<RawCase>,
    /// Policies that are refused when they are built.
    pub(crate) refused: Vec<RefusedPolicy>,
}

/// Reads every file, for a server that is at these ports.
///
/// A mistake in a file is a panic that names the file and, where there is one, the case.
pub(crate) fn load(ports: Ports) -> Data {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let entries = fs::read_dir(&directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("a directory entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();

    let mut data = Data::default();
    for path in paths {
        let topic = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{topic}: {error}"));
        let file: format::File =
            toml::from_str(&ports.fill(&text)).unwrap_or_else(|error| panic!("{topic}.toml: {error}"));
        data.cases.extend(case::resolve(&topic, &file, ports));
        data.raw.extend(file.raw_cases(&topic));
        let named =
            |policy: RefusedPolicy| RefusedPolicy { name: format!("{topic}::{}", policy.name), ..policy };
        data.refused.extend(file.refused.into_iter().map(named));
    }
    data
}
