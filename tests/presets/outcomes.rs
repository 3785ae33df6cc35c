//! The recorded behaviour of each client: with its preset, and without each of its names.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use libtest_mimic::Failed;
use serde::{Deserialize, Serialize};
use tower_cors::preset::PresetEntry;

use super::clients::Client;
use crate::browser::engine::Engine;

/// The facts that a user of the client notices: each a value or an error.
pub(crate) type Facts = BTreeMap<String, String>;

/// By the name that was removed from the preset; `None` is the whole preset.
pub(crate) type Seen = Vec<(Option<PresetEntry>, Facts)>;

/// Stands for every fact that is not listed.
const EVERY: &str = "*";

/// By list and name.
type Without = BTreeMap<String, BTreeMap<String, Facts>>;

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Outcomes {
    works: Facts,
    /// Only the facts that are different.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    without: Without,
    /// The facts of one browser only.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    only_in: BTreeMap<String, Without>,
}

impl Outcomes {
    pub(crate) fn recorded(client: &Client) -> Result<Self, Failed> {
        let path = path(client);
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()).into())
    }

    /// The facts of several browsers, which must not differ with the whole preset.
    pub(crate) fn of(client: &Client, seen: &[(Engine, &Seen)]) -> Self {
        let facts = |seen: &Seen, lacks| -> Facts {
            seen.iter().find(|(other, _)| *other == lacks).map(|(_, facts)| facts.clone()).unwrap_or_default()
        };
        let mut works = seen.iter().map(|(_, seen)| facts(seen, None));
        let mut outcomes = Self { works: works.next().unwrap_or_default(), ..Self::default() };
        assert!(works.all(|works| works == outcomes.works), "{} works differently", client.page);
        for entry in client.preset.entries() {
            let mut different = Vec::new();
            for (engine, seen) in seen {
                let mut facts = facts(seen, Some(entry));
                facts.retain(|fact, value| outcomes.works.get(fact) != Some(value));
                different.push((*engine, facts));
            }
            let is_everywhere = |fact: &str, value: &str| {
                different.iter().all(|(_, facts)| facts.get(fact).is_some_and(|other| other == value))
            };
            for (engine, facts) in &different {
                let (everywhere, here): (Facts, Facts) =
                    facts.clone().into_iter().partition(|(fact, value)| is_everywhere(fact, value));
                let only_here = outcomes.only_in.entry(engine.name().to_owned()).or_default();
                for (facts, place) in [(here, only_here), (everywhere, &mut outcomes.without)] {
                    if !facts.is_empty() {
                        let list = place.entry(entry.field().to_owned()).or_default();
                        list.insert(entry.name().to_owned(), abridged(facts, &outcomes.works));
                    }
                }
            }
        }
        outcomes.only_in.retain(|_, without| !without.is_empty());
        outcomes
    }

    pub(crate) fn write(&self, client: &Client) {
        let text = toml::to_string(self).expect("tables of strings");
        std::fs::write(path(client), text).expect("the checkout can be written");
    }

    /// Whether this client misses the name, in some browser.
    pub(crate) fn differ_without(&self, entry: &PresetEntry) -> bool {
        self.only_in.values().chain([&self.without]).any(|without| find(without, entry).is_some())
    }

    pub(crate) fn differences(&self, client: &Client, engine: Engine, seen: &Seen) -> Vec<String> {
        let mut lines = Vec::new();
        for (lacks, facts) in seen {
            let expected = self.expected(*lacks, engine);
            for fact in facts.keys().chain(expected.keys().filter(|fact| !facts.contains_key(*fact))) {
                let (seen, expected) = (facts.get(fact), expected.get(fact));
                if seen != expected {
                    let lacks =
                        lacks.map_or("with all".to_owned(), |entry| format!("without {}", entry.name()));
                    lines.push(format!("{} {lacks}: {fact} is {seen:?}, expected {expected:?}", client.page));
                }
            }
        }
        lines
    }

    fn expected(&self, lacks: Option<PresetEntry>, engine: Engine) -> Facts {
        let mut expected = self.works.clone();
        let Some(entry) = lacks else { return expected };
        for without in [Some(&self.without), self.only_in.get(engine.name())].into_iter().flatten() {
            let facts = find(without, &entry).into_iter().flatten();
            for (fact, value) in facts {
                if fact == EVERY {
                    expected = expected.into_keys().map(|fact| (fact, value.clone())).collect();
                } else {
                    expected.insert(fact.clone(), value.clone());
                }
            }
        }
        expected
    }
}

fn find<'o>(without: &'o Without, entry: &PresetEntry) -> Option<&'o Facts> {
    without.get(entry.field())?.get(entry.name())
}

/// One line for all facts, if all have changed to the same value.
fn abridged(facts: Facts, works: &Facts) -> Facts {
    let mut values = facts.values();
    match values.next() {
        Some(first) if facts.len() == works.len() && values.all(|value| value == first) => {
            [(EVERY.to_owned(), first.clone())].into()
        }
        _ => facts,
    }
}

fn path(client: &Client) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/presets/outcomes/{}.toml", client.page))
}
