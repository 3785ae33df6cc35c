//! The cases of `tests/data/` in the model of a browser, one trial for each, and checks over all of them.
//!
//! A trial is called by its file and its case, and a filter is any part of that:
//!
//! ```sh
//! cargo test --all-features --test cases cache::
//! ```

#[path = "data/mod.rs"]
#[allow(dead_code, reason = "the tests in real browsers use another part of it")]
mod data;

mod cases {
    pub(crate) mod attacks;
    pub(crate) mod mutants;
    pub(crate) mod raw;
    pub(crate) mod whole;
}

use std::sync::LazyLock;

use cases::mutants::Mutant;
use cases::{attacks, raw, whole};
use data::Data;
use data::case::{Case, build};
use data::format::RefusedPolicy;
use data::model::{Difference, run};
use data::ports::Ports;
use libtest_mimic::{Arguments, Failed, Trial};

static DATA: LazyLock<Data> = LazyLock::new(|| data::load(Ports::MODEL));

fn main() {
    let mut trials = vec![
        Trial::test("all::the cases are enough", whole::are_enough),
        Trial::test("all::each case has a name of its own", whole::have_their_names),
        Trial::test(
            "all::a case runs in browsers if they can be at its page",
            whole::run_where_their_page_can_be,
        ),
        Trial::test("all::the cases are as many as the README says", whole::are_as_many_as_the_readme_says),
        Trial::test("mutants::their wrapper changes nothing by itself", the_wrapper_changes_nothing),
    ];
    trials.extend(attacks::trials());
    trials.extend(Mutant::ALL.map(|mutant| {
        Trial::test(format!("mutants::a page notices {mutant:?}"), move || a_page_notices(mutant))
    }));
    trials.extend(DATA.cases.iter().map(|case| Trial::test(&case.name, || is_so_in_the_model(case))));
    trials.extend(DATA.raw.iter().map(|case| Trial::test(&case.name, || raw::is_answered_so(case))));
    trials.extend(DATA.refused.iter().map(|policy| {
        let lacks_list = policy.needs_public_suffixes && !cfg!(feature = "public-suffix");
        Trial::test(&policy.name, || is_refused_so(policy)).with_ignored_flag(lacks_list)
    }));
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

/// The differences from the case. Nothing here waits, so the future ends at once.
#[tokio::main(flavor = "current_thread")]
async fn differences(case: &Case, mutant: Option<Mutant>) -> Vec<Difference> {
    let outcome = run(case, |app| match mutant {
        Some(mutant) => mutant.around(app),
        None => app,
    });
    outcome.await.err().unwrap_or_default()
}

fn is_so_in_the_model(case: &Case) -> Result<(), Failed> {
    let differences: Vec<String> = differences(case, None).iter().map(ToString::to_string).collect();
    ensure(differences.is_empty(), || differences.join("\n"))
}

/// With a mutant, the page must get something else: headers can differ and still mean the same. A case that fails without
/// the mutant proves nothing about it.
fn a_page_notices(mutant: Mutant) -> Result<(), Failed> {
    let is_told = |difference: &Difference| matches!(difference, Difference::Outcome { .. });
    let mut sound = DATA.cases.iter().filter(|case| differences(case, None).is_empty());
    let is_noticed = sound.any(|case| differences(case, Some(mutant)).iter().any(is_told));
    ensure(is_noticed, || "no page of any case notices it".to_owned())
}

/// Otherwise the wrapper would make a difference, and not the mutant in it.
fn the_wrapper_changes_nothing() -> Result<(), Failed> {
    let is_changed = |case: &&Case| differences(case, Some(Mutant::Nothing)) != differences(case, None);
    let changed: Vec<&str> = DATA.cases.iter().filter(is_changed).map(|case| case.name.as_str()).collect();
    ensure(changed.is_empty(), || format!("it changes {changed:#?}"))
}

/// Refused with all problems of the case, and perhaps more.
fn is_refused_so(case: &RefusedPolicy) -> Result<(), Failed> {
    let Err(error) = build(&case.policy) else { return Err("it is built".into()) };
    let parts = case.says.lines();
    let missing: Vec<&String> = parts.iter().filter(|part| !error.contains(*part)).collect();
    ensure(missing.is_empty(), || format!("missing: {missing:#?}\nin: {error}"))
}

/// An assertion that returns an error: a panic would print its message between the trials.
fn ensure(is_so: bool, otherwise: impl FnOnce() -> String) -> Result<(), Failed> {
    if is_so { Ok(()) } else { Err(otherwise().into()) }
}
