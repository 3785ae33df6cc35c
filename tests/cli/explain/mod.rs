//! `tower-cors explain`.

mod bad_input;
mod flags;
mod in_front;
mod property;
mod saved;
mod transcripts;
mod without_policy;

use std::path::PathBuf;

use crate::program::{Ran, run};

/// A policy with something of everything.
pub(crate) const POLICY: &str = r#"[cors]
allow_origins     = ["https://app.example.com", "https://*.preview.example.com", "http://localhost:*"]
allow_credentials = true
allow_methods     = ["PUT", "DELETE"]
allow_headers     = ["authorization", "content-type"]
expose_headers    = ["x-request-id"]
max_age           = "10m"
"#;

/// Partners with credentials, all other origins without.
pub(crate) const LIST: &str = r#"
[[cors]]
allow_origins     = "https://app.example.com"
allow_credentials = true

[[cors]]
allow_origins     = "*"
"#;

/// Writes a file to a folder that no other test uses.
pub(crate) fn file(name: &str, text: impl AsRef<[u8]>) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("explain-{name}"));
    std::fs::write(&path, text).expect("a file");
    path.to_str().expect("text").to_owned()
}

/// Runs `explain` with checks for every run: an answer fits 80 columns, and a failure is one line.
pub(crate) fn explain(arguments: &[&str], input: &str) -> Ran {
    let ran = run(["explain"].iter().chain(arguments).copied(), input);
    match ran.status {
        0 | 1 => assert_eq!(ran.errors, "", "{arguments:?}"),
        2 => {
            let lines = ran.errors.lines().count();
            assert!(ran.errors.starts_with("tower-cors: ") && lines == 1, "{arguments:?}: {}", ran.errors);
        }
        other => panic!("status {other}: {}", ran.errors),
    }
    if !arguments.contains(&"--json") {
        for line in ran.output.lines() {
            assert!(line.chars().count() <= 80, "{line}");
        }
    }
    ran
}

/// A text on one line, however it was wrapped.
pub(crate) fn unwrapped(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
