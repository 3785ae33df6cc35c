//! What was tried against CORS layers, one trial for each class: see `tests/data/attacks/README.md`.

mod configurations;
mod format;
mod notation;
mod origins;
mod preflights;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use libtest_mimic::{Failed, Trial};

use crate::ensure;
use format::Attacks;

const README: &str = include_str!("../../README.md");

static ATTACKS: LazyLock<Attacks> = LazyLock::new(Attacks::load);

/// Cases of one class, with one rule for all.
trait Attack: Sync {
    fn class(&self) -> &str;

    /// The advisories that it comes from.
    fn seen(&self) -> &[String];

    fn refused(&self) -> usize;

    fn allowed(&self) -> usize;

    /// The failures, one line each.
    fn wrong(&self) -> Vec<String>;
}

type Classes = BTreeMap<&'static str, Vec<&'static dyn Attack>>;

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = vec![
        Trial::test("all::the attacks are enough", are_enough),
        Trial::test("all::each attack has an allowed neighbour", have_neighbours),
        Trial::test("all::each policy of the attacks is used", origins::use_every_policy),
    ];
    trials.extend(classes().into_iter().map(|(class, attacks)| {
        Trial::test(format!("attacks::{class}"), move || {
            let wrong: Vec<_> = attacks.iter().flat_map(|attack| attack.wrong()).collect();
            let seen: Vec<_> = attacks.iter().flat_map(|attack| attack.seen()).collect();
            ensure(wrong.is_empty(), || format!("{}\nseen in: {seen:?}", wrong.join("\n")))
        })
    }));
    trials
}

fn classes() -> Classes {
    let mut classes = Classes::new();
    for attack in ATTACKS.all() {
        classes.entry(attack.class()).or_default().push(attack);
    }
    classes
}

fn are_enough() -> Result<(), Failed> {
    let sum = |count: fn(&dyn Attack) -> usize| ATTACKS.all().map(count).sum::<usize>();
    let (refused, allowed) = (sum(|attack| attack.refused()), sum(|attack| attack.allowed()));
    let sentence =
        format!("{refused} attacks and {allowed} allowed neighbours, in {} classes", classes().len());
    let is_said = format::README.contains(&sentence);
    ensure(refused >= 400 && is_said, || format!("tests/data/attacks/README.md should say: \"{sentence}\""))?;
    let reason = format!("{refused} attacks are among its tests");
    ensure(README.contains(&reason), || format!("README.md should say: \"{reason}\""))
}

/// Otherwise a layer that refuses everything would pass.
fn have_neighbours() -> Result<(), Failed> {
    let is_one_sided = |attacks: &[&dyn Attack]| {
        attacks.iter().all(|attack| attack.allowed() == 0)
            || attacks.iter().all(|attack| attack.refused() == 0)
    };
    let alone: Vec<_> =
        classes().into_iter().filter(|(_, attacks)| is_one_sided(attacks)).map(|(class, _)| class).collect();
    ensure(alone.is_empty(), || format!("{alone:#?}"))
}
