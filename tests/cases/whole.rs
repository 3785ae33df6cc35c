//! Checks over all cases together.

use std::collections::{BTreeMap, BTreeSet};

use libtest_mimic::Failed;

use crate::data::case::Case;
use crate::{DATA, ensure};

const README: &str = include_str!("../../README.md");

/// Those that run in real browsers too.
fn in_browsers() -> impl Iterator<Item = &'static Case> {
    DATA.cases.iter().filter(|case| case.runs_in_browsers)
}

pub(crate) fn are_enough() -> Result<(), Failed> {
    let (cases, in_browsers) = (DATA.cases.len(), in_browsers().count());
    let said = || format!("{cases} cases, {in_browsers} of them for real browsers");
    ensure(cases >= 200 && in_browsers >= 150, said)
}

/// Names are unique over all files, so the name of a case finds one trial.
pub(crate) fn have_their_names() -> Result<(), Failed> {
    let names = DATA.cases.iter().map(|case| &case.name);
    let names = names.chain(DATA.raw.iter().map(|case| &case.name));
    let names = names.chain(DATA.refused.iter().map(|case| &case.name));
    let own = names.filter_map(|name| name.split_once("::")).map(|(_, own)| own);
    let mut seen = BTreeSet::new();
    let twice: Vec<&str> = own.filter(|name| !seen.insert(*name)).collect();
    ensure(twice.is_empty(), || format!("names that are used twice: {twice:#?}"))
}

/// The cases with a page that no browser can open on this machine.
pub(crate) fn run_where_their_page_can_be() -> Result<(), Failed> {
    let by_page: BTreeMap<&str, bool> =
        DATA.cases.iter().map(|case| (case.page.as_str(), case.runs_in_browsers)).collect();
    let pages = [("null", true), ("http://app.localhost:3000", true), ("https://app.example.com", false)];
    let not_as_said = pages.into_iter().filter(|(page, runs)| by_page.get(page) != Some(runs));
    let beyond =
        by_page.iter().filter(|(page, runs)| **runs && **page != "null" && !page.starts_with("http://"));
    let wrong: BTreeSet<&str> =
        not_as_said.map(|(page, _)| page).chain(beyond.map(|(page, _)| *page)).collect();
    ensure(wrong.is_empty(), || format!("wrong about {wrong:?}: {by_page:#?}"))
}

/// Wherever the README breaks its lines.
pub(crate) fn are_as_many_as_the_readme_says() -> Result<(), Failed> {
    let (cases, in_browsers_too) = (DATA.cases.len(), in_browsers().count());
    let requests: usize = in_browsers().map(|case| case.steps.len()).sum();
    let sentence = format!(
        "{cases} cases run in it, and {in_browsers_too} of them, with {requests} requests, in Chromium, Firefox and WebKit"
    );
    let readme: Vec<&str> = README.split_whitespace().collect();
    ensure(readme.join(" ").contains(&sentence), || format!("README.md should say: \"{sentence}\""))
}
