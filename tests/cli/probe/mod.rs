//! `tower-cors probe` against real servers on this machine.

mod answers;
mod asked;
mod bounds;
mod careful;
mod layers;
mod origins;
mod output;
mod server;
mod tls;
mod visit;

use serde_json::Value;

use self::server::Server;
use crate::program::{Ran, run};

/// The page that servers allow in these tests.
const PAGE: &str = "https://app.example.com";

/// Probes `/v1/items` of a server, with more arguments.
fn probe(server: &Server, arguments: &[&str]) -> Ran {
    let url = server.url("/v1/items");
    run(["probe", url.as_str()].into_iter().chain(arguments.iter().copied()), "")
}

/// The same for a page at `PAGE`, as JSON.
fn probe_json(server: &Server, arguments: &[&str]) -> (i32, Value) {
    let ran = probe(server, &[&["--origin", PAGE, "--json"], arguments].concat());
    let document = serde_json::from_str(&ran.output);
    (ran.status, document.unwrap_or_else(|error| panic!("{error}: {}{}", ran.output, ran.errors)))
}

/// Kind and severity of each finding.
fn findings(document: &Value) -> Vec<(&str, &str)> {
    let questions = document["questions"].as_array().expect("a list").iter();
    questions
        .filter_map(|question| question.get("finding"))
        .map(|finding| (finding["kind"].as_str().expect("text"), finding["severity"].as_str().expect("text")))
        .collect()
}
