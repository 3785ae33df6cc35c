//! `--against`: what a change to a policy file opens and closes.

use std::fmt;

use serde::Serialize;
use tower_cors::{ChangedEntry, PolicyChange};

use super::github::{Data, Property};
use crate::policy_file::{PolicyFile, Reading, Source};
use crate::shown::shown;

/// How many entries are shown. The others are counted.
const MAX_TOLD: usize = 100;

/// A policy file before and now.
pub(super) struct Comparison {
    old: String,
    source: Source,
    counts: [usize; 2],
    /// For each policy of a list, in its order.
    changes: Vec<PolicyChange>,
}

/// The direction of a change as a whole.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Verdict {
    Widens,
    Narrows,
    /// Neither: answers differ, but the same requests are allowed.
    Changes,
    Same,
}

/// What one entry does.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
enum Effect {
    Opens,
    Closes,
    Other,
}

impl Comparison {
    pub(super) fn new(old: &PolicyFile, reading: &Reading) -> Self {
        let pairs = old.policies.iter().zip(&reading.policies);
        Self {
            old: old.name.clone(),
            source: reading.source.clone(),
            counts: [old.policies.len(), reading.policies.len()],
            changes: pairs.map(|(old, new)| old.difference(new)).collect(),
        }
    }

    pub(super) fn widens(&self) -> bool {
        self.verdict() == Verdict::Widens
    }

    fn verdict(&self) -> Verdict {
        let has = |effect| self.entries().any(|(_, entry)| Effect::of(&entry) == effect);
        if !self.is_comparable() || self.hands_over() || has(Effect::Opens) {
            Verdict::Widens
        } else if has(Effect::Closes) {
            Verdict::Narrows
        } else if has(Effect::Other) {
            Verdict::Changes
        } else {
            Verdict::Same
        }
    }

    /// In a list, the first policy that allows the origin decides. One more or one fewer may decide about any request.
    fn is_comparable(&self) -> bool {
        let [old, new] = self.counts;
        old == new
    }

    /// Whether an origin that one policy of a list no longer allows falls to a later one, which may allow more.
    fn hands_over(&self) -> bool {
        let is_of_origins = |entry: &ChangedEntry<'_>| {
            matches!(
                entry.field(),
                "allow_origins"
                    | "allow_origin_if"
                    | "allow_origin_regexes"
                    | "dangerously_allow_null_origin"
            )
        };
        let earlier = self.changes.split_last().map_or(&[][..], |(_, earlier)| earlier);
        earlier.iter().any(|change| change.entries().any(|entry| entry.closes() && is_of_origins(&entry)))
    }

    /// With the place of the policy in a list. Entries that open something come first.
    fn told(&self) -> impl Iterator<Item = (Option<usize>, Effect, ChangedEntry<'_>)> {
        let of = move |effect| {
            let entries = self.entries().filter(move |(_, entry)| Effect::of(entry) == effect);
            entries.map(move |(policy, entry)| (policy, effect, entry))
        };
        of(Effect::Opens).chain(of(Effect::Closes)).chain(of(Effect::Other))
    }

    fn entries(&self) -> impl Iterator<Item = (Option<usize>, ChangedEntry<'_>)> {
        let is_list = self.counts != [1, 1];
        let of_each = self.changes.iter().enumerate();
        of_each.flat_map(move |(policy, change)| {
            change.entries().map(move |entry| (is_list.then_some(policy), entry))
        })
    }

    fn left_out(&self) -> usize {
        self.entries().count().saturating_sub(MAX_TOLD)
    }

    /// What the entries do not say.
    fn notes(&self) -> impl Iterator<Item = String> {
        let [old, new] = self.counts;
        let counts = (!self.is_comparable()).then(|| {
            format!("{old} policies before, {new} now. Lists of different lengths cannot be compared, so this counts as widening")
        });
        let handed_over = self.hands_over().then(|| {
            "a later policy of the list now decides about an origin that an earlier one no longer allows, so this counts as widening".to_owned()
        });
        counts.into_iter().chain(handed_over)
    }
}

impl Effect {
    fn of(entry: &ChangedEntry<'_>) -> Self {
        match (entry.opens(), entry.closes()) {
            (true, _) => Self::Opens,
            (false, true) => Self::Closes,
            (false, false) => Self::Other,
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Widens => "widens",
            Self::Narrows => "narrows",
            Self::Changes => "changes",
            Self::Same => "same",
        })
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Opens => "opens",
            Self::Closes => "closes",
            Self::Other => "other",
        })
    }
}

/// For people: a line for each entry.
impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}, compared with {}", self.verdict(), self.source, shown(&self.old))?;
        for (policy, effect, entry) in self.told().take(MAX_TOLD) {
            let number = policy.map_or_else(String::new, |policy| format!("policy {}: ", policy + 1));
            writeln!(f, "  {effect:6}  {number}{entry}")?;
        }
        if self.left_out() > 0 {
            writeln!(f, "  ... and {} more", self.left_out())?;
        }
        self.notes().try_for_each(|note| writeln!(f, "  note: {note}"))
    }
}

/// For GitHub Actions: one annotation of the file.
pub(super) struct Annotation<'c> {
    pub(super) comparison: &'c Comparison,
    pub(super) denies: bool,
}

impl fmt::Display for Annotation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { comparison, denies } = self;
        let verdict = comparison.verdict();
        let command = match verdict {
            Verdict::Same => return Ok(()),
            Verdict::Widens if *denies => "error",
            Verdict::Widens => "warning",
            Verdict::Narrows | Verdict::Changes => "notice",
        };
        write!(f, "::{command} ")?;
        if comparison.source.is_named() {
            write!(f, "file={},", Property(&comparison.source.to_string()))?;
        }
        let changes =
            comparison.changes.iter().filter(|change| !change.is_empty()).map(PolicyChange::to_string);
        let told = changes.chain(comparison.notes()).collect::<Vec<_>>().join("; ");
        let message = format!("{verdict}, compared with {}: {told}", shown(&comparison.old));
        writeln!(f, "title=policy-{verdict}::{}", Data(&message))
    }
}

/// For programs.
#[derive(Serialize)]
pub(super) struct Change {
    against: String,
    verdict: Verdict,
    entries: Vec<Entry>,
    /// How many more entries there are.
    left_out: usize,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct Entry {
    effect: Effect,
    /// Which policy of a list, counted from 0.
    policy: Option<usize>,
    field: &'static str,
    before: Option<String>,
    after: Option<String>,
}

impl From<&Comparison> for Change {
    fn from(comparison: &Comparison) -> Self {
        let text = |value: Option<&str>| value.map(str::to_owned);
        let entry = |(policy, effect, entry): (_, _, ChangedEntry<'_>)| Entry {
            effect,
            policy,
            field: entry.field(),
            before: text(entry.before()),
            after: text(entry.after()),
        };
        Self {
            against: comparison.old.clone(),
            verdict: comparison.verdict(),
            entries: comparison.told().take(MAX_TOLD).map(entry).collect(),
            left_out: comparison.left_out(),
            notes: comparison.notes().collect(),
        }
    }
}
