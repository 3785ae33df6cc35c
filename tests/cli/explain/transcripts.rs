//! Whole answers, word for word. Renew them with `UPDATE=1`, and read the difference.

use std::fmt::Write as _;
use std::path::Path;

use super::{LIST, POLICY, explain, file};

const APP: &str = "https://app.example.com";

fn assert_transcript(name: &str, policy: &str, arguments: &[&str]) {
    let policy = file(&format!("transcript-{name}.toml"), policy);
    let ran = explain(&[&[policy.as_str()], arguments].concat(), "");
    let mut transcript = String::from("$ tower-cors explain cors.toml");
    for argument in arguments {
        write!(transcript, " {argument}").expect("memory");
    }
    writeln!(transcript, "\n{}{}exit status {}", ran.output, ran.errors, ran.status).expect("memory");
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/cli/explain/transcripts")
        .join(format!("{name}.txt"));
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &transcript).expect("a file");
    }
    assert_eq!(transcript, std::fs::read_to_string(&path).expect("a transcript"), "{name}");
}

#[test]
fn answers_are_word_for_word_these() {
    let api = ["--url", "https://api.example.com/items/1"];
    for (name, policy, arguments) in [
        (
            "readable",
            POLICY,
            &["--origin", APP, "--method", "PUT", "--header", "content-type: application/json"][..],
        ),
        ("refused", POLICY, &["--origin", APP, "--method", "PATCH", "--header", "x-a"]),
        ("stranger", POLICY, &["--origin", "https://stranger.example"]),
        ("credentials", LIST, &["--origin", "https://stranger.example", "--credentials"]),
        (
            "json",
            POLICY,
            &["--origin", APP, "--method", "PATCH", "--header", "authorization: Bearer x", "--json"],
        ),
    ] {
        assert_transcript(name, policy, &[arguments, &api].concat());
    }
    assert_transcript("no-server", POLICY, &["--origin", APP]);
}
