//! Requests of attackers, from `tests/data/attacks`.

use http::HeaderValue;
use toml::{Table, Value};

use super::ask::pick;
use super::notation::bytes;
use super::origins::Random;

/// All lines of one header; for a preflight, the method, then the lines of headers.
#[derive(Debug)]
pub(crate) struct Attacks {
    origins: Vec<Vec<HeaderValue>>,
    preflights: Vec<Vec<HeaderValue>>,
}

impl Attacks {
    /// With the allowed ones beside them.
    pub(crate) fn load() -> Self {
        let origins = include_str!("../data/attacks/origins.toml");
        let preflights = include_str!("../data/attacks/preflights.toml");
        Self { origins: lines(origins, "origins"), preflights: lines(preflights, "preflights") }
    }

    pub(crate) fn origin(&self, random: &mut Random) -> Vec<HeaderValue> {
        pick(&self.origins, random)
    }

    pub(crate) fn preflight(&self, random: &mut Random) -> Vec<HeaderValue> {
        pick(&self.preflights, random)
    }
}

fn lines(text: &str, of: &str) -> Vec<Vec<HeaderValue>> {
    let file: Table = text.parse().expect("a file of attacks");
    let groups = file[of].as_array().expect("a list");
    let cases = groups.iter().flat_map(|group| {
        let lists = ["allowed", "refused"].map(|list| group.get(list).and_then(Value::as_array));
        lists.into_iter().flatten().flatten()
    });
    let lines: Vec<_> = cases.map(values).collect();
    assert!(lines.len() > 100, "few {of} are read: {}", lines.len());
    lines
}

fn values(case: &Value) -> Vec<HeaderValue> {
    match case {
        Value::Array(lines) => lines.iter().flat_map(values).collect(),
        // White space around a value belongs to the protocol, not to the value.
        line => {
            let line = bytes(line.as_str().expect("text"));
            vec![HeaderValue::from_bytes(line.trim_ascii()).expect("a value that can be sent")]
        }
    }
}
